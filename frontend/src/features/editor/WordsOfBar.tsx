import { useId, useState } from "react";
import type { JobResult } from "@/api/client";
import { Button } from "@/components/ui/Button";
import { withWords, wordsAt } from "@/music/placedWords";
import type { TimedMeasure } from "@/music/timeMap";
import { say } from "@/words";
import { field } from "./Choice";
import type { OptionsChange } from "./session";

const LONGEST = 80;

interface WordsOfBarProps {
  settings: JobResult["settings"];
  measures: readonly TimedMeasure[];
  /** Index of the bar. */
  bar: number;
  onChange: (change: OptionsChange) => void;
}

/** The section that begins with a bar, and the words over it; an empty field takes them away. */
export function WordsOfBar({ settings, measures, bar, onChange }: WordsOfBarProps) {
  const id = useId();
  const section = wordsAt("section_names", settings.section_names, measures, bar);
  const text = wordsAt("bar_texts", settings.bar_texts, measures, bar);
  const [typed, setTyped] = useState({ section, text });
  const input = (name: keyof typeof typed, words: string) => (
    <div className="min-w-0 grow basis-40">
      <label htmlFor={`${id}-${name}`} className="mb-1 block text-sm">
        {words}
      </label>
      <input
        id={`${id}-${name}`}
        className={`${field} w-full`}
        value={typed[name]}
        maxLength={LONGEST}
        onChange={(event) => setTyped({ ...typed, [name]: event.target.value })}
      />
    </div>
  );
  return (
    <form
      className="flex grow flex-wrap items-end gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        const change: OptionsChange = {};
        if (typed.section !== section) {
          change.section_names = withWords("section_names", settings.section_names, measures, bar, typed.section);
        }
        if (typed.text !== text) {
          change.bar_texts = withWords("bar_texts", settings.bar_texts, measures, bar, typed.text);
        }
        onChange(change);
      }}
    >
      {input("section", say("editor.section_here"))}
      {input("text", say("editor.text_here"))}
      <Button type="submit" className="px-4 text-sm">
        {say("settings.set")}
      </Button>
    </form>
  );
}
