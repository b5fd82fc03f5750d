import type { WISHES } from "@/api/generated/wishes";
import { say, type PlainKey } from "@/words";

/** Words for every choice that the service offers. */
export type Words<Name extends "form" | "style" | "drum_map" | "similes" | "paper" | "staff_size" | "drum_key" | "sticking"> = Readonly<
  Record<(typeof WISHES)[Name]["choices"][number], PlainKey>
>;

export const field = "min-h-11 max-w-full rounded-lg border border-line-strong bg-page px-3";
export const row = "flex flex-wrap items-center gap-x-3 gap-y-1";
export const rowName = "sm:w-40";

interface ChoiceProps<Key extends string> {
  name: string;
  words: Readonly<Record<Key, PlainKey>>;
  value: string | null;
  onChoice: (key: Key) => void;
}

/** One of a few; the first is what holds as long as nothing was said. */
export function Choice<Key extends string>({ name, words, value, onChoice }: ChoiceProps<Key>) {
  const keys = Object.keys(words) as Key[];
  return (
    <label className={row}>
      <span className={rowName}>{name}</span>
      <select
        className={field}
        value={value ?? keys[0]}
        onChange={(event) => {
          const chosen = keys.find((key) => key === event.target.value);
          if (chosen) onChoice(chosen);
        }}
      >
        {keys.map((key) => (
          <option key={key} value={key}>
            {say(words[key])}
          </option>
        ))}
      </select>
    </label>
  );
}
