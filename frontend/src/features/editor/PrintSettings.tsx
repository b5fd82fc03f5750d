import { WISHES } from "@/api/generated/wishes";
import type { JobResult } from "@/api/client";
import { say } from "@/words";
import { Choice, field, row, rowName, type Words } from "./Choice";
import type { OptionsChange } from "./session";

const PAPERS: Words<"paper"> = { a4: "settings.paper.a4", letter: "settings.paper.letter" };
const SIZES: Words<"staff_size"> = {
  small: "settings.staff_size.small",
  normal: "settings.staff_size.normal",
  large: "settings.staff_size.large",
};
const KEYS: Words<"drum_key"> = {
  shown: "settings.drum_key.shown",
  hidden: "settings.drum_key.hidden",
};
const { least, most } = WISHES.bars_a_line;
const BARS = Array.from({ length: most - least + 1 }, (_, index) => least + index);

/** How the page is printed: what is on the screen stays as it is. */
export function PrintSettings({
  settings, onChange,
}: { settings: JobResult["settings"]; onChange: (change: OptionsChange) => void }) {
  return (
    <fieldset className="mt-2 grid min-w-0 grid-cols-1 content-start gap-4">
      <legend className="mb-3 font-semibold">{say("settings.print")}</legend>
      <Choice
        name={say("settings.paper")}
        words={PAPERS}
        value={settings.paper}
        onChoice={(paper) => onChange({ paper })}
      />
      <Choice
        name={say("settings.staff_size")}
        words={SIZES}
        value={settings.staff_size}
        onChoice={(staff_size) => onChange({ staff_size })}
      />
      <label className={row}>
        <span className={rowName}>{say("settings.bars_a_line")}</span>
        <select
          className={field}
          value={settings.bars_a_line ?? ""}
          onChange={(event) => onChange({ bars_a_line: Number(event.target.value) || null })}
        >
          <option value="">{say("settings.as_read_well")}</option>
          {BARS.map((bars) => (
            <option key={bars}>{bars}</option>
          ))}
        </select>
      </label>
      <Choice
        name={say("settings.drum_key")}
        words={KEYS}
        value={settings.drum_key}
        onChoice={(drum_key) => onChange({ drum_key })}
      />
    </fieldset>
  );
}
