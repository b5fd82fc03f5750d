"use client";

import { useState } from "react";
import type { JobResult } from "@/api/client";
import { Button } from "@/components/ui/Button";
import { ConfirmDialog } from "@/components/ui/ConfirmDialog";
import { WISHES } from "@/api/generated/wishes";
import { USUAL_METRES, writtenMetre } from "@/music/metre";
import { beatAt } from "@/music/beatGrid";
import { say } from "@/words";
import { Choice, field, row, rowName, type Words } from "./Choice";
import { atTempo, barOneAt, linesLater, timesAsFast } from "./countChanges";
import { PrintSettings } from "./PrintSettings";
import { SensitivityFields } from "./SensitivityFields";
import { TapSettings } from "./TapSettings";
import type { Editing } from "./useEditing";

const FORMS: Words<"form"> = {
  full: "settings.form.full",
  chart: "settings.form.chart",
};
const STYLES: Words<"style"> = {
  weinberg: "settings.style.weinberg",
  musescore: "settings.style.musescore",
  "one-voice": "settings.style.one_voice",
};
const DRUM_MAPS: Words<"drum_map"> = {
  "general-midi": "settings.map.general_midi",
  toontrack: "settings.map.toontrack",
  "addictive-drums": "settings.map.addictive",
  "roland-td": "settings.map.roland",
};
const SIMILES: Words<"similes"> = {
  paper: "settings.similes.paper",
  always: "settings.similes.always",
  never: "settings.similes.never",
};

const STICKING: Words<"sticking"> = {
  shown: "settings.sticking.shown",
  hidden: "settings.sticking.hidden",
};

interface SettingsPanelProps {
  editing: Editing;
  result: JobResult;
  position: () => number;
  isPlaying: boolean;
}

/** Tempo, metre, bar 1, sensitivity, looks: the page is written again, nothing is heard again. */
export function SettingsPanel({ editing, result, position, isPlaying }: SettingsPanelProps) {
  const { settings } = result;
  const [isReverting, setReverting] = useState(false);
  const ask = editing.change;
  // From what has been asked for: it may be pressed faster than pages are written.
  const asked = { ...settings, ...editing.wish };
  const shift = (beats: number) => ask(linesLater(beats, result, asked));
  const beatHere = Math.round(
    beatAt({ beats: result.beats, beatNumbers: result.beat_numbers }, position()),
  );

  return (
    <section aria-label={say("settings.title")} className="print:hidden grid grid-cols-1 gap-x-12 gap-y-8 rounded-2xl border border-line bg-stand p-4 sm:p-6 lg:grid-cols-2">
      <fieldset className="grid min-w-0 grid-cols-1 content-start gap-4">
        <legend className="mb-3 font-display text-lg font-semibold">{say("settings.beat_and_bars")}</legend>
        <Tempo key={result.version} result={result} onTempo={(bpm) => ask(atTempo(bpm))} />
        <TapSettings result={result} position={position} isPlaying={isPlaying} onChange={ask} />
        <div role="group" aria-label={say("settings.count")} className="flex flex-wrap gap-2">
          <Button onClick={() => ask(timesAsFast(asked, 0.5))}>{say("settings.half")}</Button>
          <Button onClick={() => ask(timesAsFast(asked, 2))}>{say("settings.double")}</Button>
        </div>
        <label className={row}>
          <span className={rowName}>{say("music.metre")}</span>
          <select
            className={field}
            value={writtenMetre(result)}
            onChange={(event) => ask({ time_signature: event.target.value })}
          >
            {[...new Set<string>([...USUAL_METRES, writtenMetre(result)])].map((metre) => (
              <option key={metre}>{metre}</option>
            ))}
          </select>
        </label>
        <div role="group" aria-label={say("settings.bar_lines")} className="flex flex-wrap gap-2">
          <Button onClick={() => shift(-1)}>{say("settings.beat_earlier")}</Button>
          <Button onClick={() => shift(1)}>{say("settings.beat_later")}</Button>
          <Button onClick={() => ask(barOneAt(position(), result))} title={say("settings.beat_here", { beat: beatHere + 1 })}>
            {say("settings.bar_here")}
          </Button>
        </div>
        <Choice
          name={say("start.page")}
          words={FORMS}
          value={settings.form}
          onChoice={(form) => ask({ form })}
        />
        <Choice
          name={say("settings.repeated_bars")}
          words={SIMILES}
          value={settings.similes}
          onChoice={(similes) => ask({ similes })}
        />
        <Choice
          name={say("settings.heads_and_lines")}
          words={STYLES}
          value={settings.style}
          onChoice={(style) => ask({ style })}
        />
        <Choice
          name={say("settings.sticking")}
          words={STICKING}
          value={settings.sticking}
          onChoice={(sticking) => ask({ sticking })}
        />
        <Choice
          name={say("settings.midi_keys")}
          words={DRUM_MAPS}
          value={settings.drum_map}
          onChoice={(drum_map) => ask({ drum_map })}
        />
        <PrintSettings settings={settings} onChange={ask} />
      </fieldset>

      <SensitivityFields editing={editing} result={result} />

      <div className="flex flex-wrap items-center gap-3 lg:col-span-2">
        <Button disabled={!(result.is_edited || editing.isDirty)} onClick={() => setReverting(true)}>
          {say("settings.revert")}
        </Button>
        {result.is_edited ? <span className="text-sm text-ink-soft">{say("settings.edited")}</span> : null}
      </div>
      {isReverting ? (
        <ConfirmDialog
          title={say("settings.revert_title")}
          confirmLabel={say("settings.take_back")}
          keepLabel={say("settings.keep_changes")}
          onClose={() => setReverting(false)}
          onConfirm={() => {
            setReverting(false);
            void editing.revert();
          }}
        >
          {say("settings.revert_help")}
        </ConfirmDialog>
      ) : null}
    </section>
  );
}

function Tempo({ result, onTempo }: { result: JobResult; onTempo: (bpm: number) => void }) {
  const [value, setValue] = useState(String(Math.round(result.bpm * 10) / 10));
  const bpm = Number(value);
  const isPossible = Number.isFinite(bpm) && bpm >= WISHES.bpm.least && bpm <= WISHES.bpm.most;
  return (
    <form
      className="flex flex-wrap items-center gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (isPossible) onTempo(bpm);
      }}
    >
      <label className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className={rowName}>{say("music.tempo")}</span>
        <input
          inputMode="decimal"
          className={`${field} w-24`}
          value={value}
          aria-invalid={!isPossible}
          onChange={(event) => setValue(event.target.value.replace(",", "."))}
        />
        {say("settings.quarters_a_minute")}
      </label>
      <Button type="submit" disabled={!isPossible}>
        {say("settings.set")}
      </Button>
    </form>
  );
}
