"use client";

import { useEffect, useRef, useState } from "react";
import type { Instrument, JobResult } from "@/api/client";
import { Button } from "@/components/ui/Button";
import { ConfirmDialog } from "@/components/ui/ConfirmDialog";
import { WISHES } from "@/api/generated/wishes";
import { USUAL_METRES } from "@/music/metre";
import { beatAt } from "@/music/beatGrid";
import { instrumentName } from "@/music/instruments";
import { LANES } from "@/music/strokes";
import { say } from "@/words";
import { Choice, field, row, rowName, type Words } from "./Choice";
import { PrintSettings } from "./PrintSettings";
import type { OptionsChange } from "./session";
import type { Editing } from "./useEditing";

/** Keys that follow each other faster are one change. */
const KEY_PAUSE_MILLISECONDS = 500;
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

interface SettingsPanelProps {
  editing: Editing;
  result: JobResult;
  position: () => number;
}

/** Tempo, metre, bar 1, sensitivity, looks: the page is written again, nothing is heard again. */
export function SettingsPanel({ editing, result, position }: SettingsPanelProps) {
  const { settings } = result;
  const [wish, setWish] = useState<{ change: OptionsChange; words: string } | null>(null);
  const [isReverting, setReverting] = useState(false);
  const isByHand = result.has_edited_hits || editing.isDirty;

  const ask = (change: OptionsChange, losesHits = false) => {
    if (losesHits && isByHand) {
      setWish({ change, words: say("settings.loses_hits") });
    } else editing.change(change);
  };
  // From what has been asked for: it may be pressed faster than pages are written.
  const asked = { ...settings, ...editing.wish };
  const shift = (beats: number) =>
    ask({ shift_beats: (asked.shift_beats ?? 0) + beats, bar_one_at_seconds: null });
  const barOneHere = () =>
    // The player counts from the start of the part that was heard, the wish from that of the song.
    ask({
      bar_one_at_seconds: Math.max(0, position()) + (settings.start_seconds ?? 0),
      shift_beats: null,
    });
  const beatHere = Math.round(
    beatAt({ beats: result.beats, beatNumbers: result.beat_numbers }, position()),
  );

  return (
    <section aria-label={say("settings.title")} className="print:hidden grid grid-cols-1 gap-x-12 gap-y-8 rounded-2xl border border-line bg-stand p-4 sm:p-6 lg:grid-cols-2">
      <fieldset className="grid min-w-0 grid-cols-1 content-start gap-4">
        <legend className="mb-3 font-display text-lg font-semibold">{say("settings.beat_and_bars")}</legend>
        <Tempo key={result.version} result={result} onTempo={(bpm) => ask({ bpm, tempo_factor: null })} />
        <div role="group" aria-label={say("settings.count")} className="flex flex-wrap gap-2">
          <Button onClick={() => ask(halved(asked.tempo_factor, 0.5))}>{say("settings.half")}</Button>
          <Button onClick={() => ask(halved(asked.tempo_factor, 2))}>{say("settings.double")}</Button>
        </div>
        <label className={row}>
          <span className={rowName}>{say("music.metre")}</span>
          <select
            className={field}
            value={result.time_signature}
            onChange={(event) => ask({ time_signature: event.target.value })}
          >
            {[...new Set<string>([...USUAL_METRES, result.time_signature])].map((metre) => (
              <option key={metre}>{metre}</option>
            ))}
          </select>
        </label>
        <div role="group" aria-label={say("settings.bar_lines")} className="flex flex-wrap gap-2">
          <Button onClick={() => shift(-1)}>{say("settings.beat_earlier")}</Button>
          <Button onClick={() => shift(1)}>{say("settings.beat_later")}</Button>
          <Button onClick={barOneHere} title={say("settings.beat_here", { beat: beatHere + 1 })}>
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
          name={say("settings.midi_keys")}
          words={DRUM_MAPS}
          value={settings.drum_map}
          onChoice={(drum_map) => ask({ drum_map })}
        />
        <PrintSettings settings={settings} onChange={ask} />
      </fieldset>

      <fieldset className="grid min-w-0 grid-cols-1 content-start gap-2">
        <legend className="mb-1 font-display text-lg font-semibold">{say("settings.sensitivity")}</legend>
        <p className="text-sm text-ink-soft">
          {say("settings.sensitivity_help")}
        </p>
        <Sensitivity
          name={say("settings.all_drums")}
          value={settings.sensitivity}
          onValue={(sensitivity) => ask({ sensitivity }, true)}
        />
        {LANES.map((instrument) => (
          <Sensitivity
            key={instrument}
            name={instrumentName(instrument)}
            value={settings.sensitivity_by_instrument[instrument] ?? settings.sensitivity}
            onValue={(value) =>
              ask({ sensitivity_by_instrument: others(asked, instrument, value) }, true)
            }
          />
        ))}
      </fieldset>

      <div className="flex flex-wrap items-center gap-3 lg:col-span-2">
        <Button disabled={!(result.is_edited || editing.isDirty)} onClick={() => setReverting(true)}>
          {say("settings.revert")}
        </Button>
        {result.is_edited ? <span className="text-sm text-ink-soft">{say("settings.edited")}</span> : null}
      </div>
      {wish ? (
        <ConfirmDialog
          title={say("settings.lose_title")}
          confirmLabel={say("settings.pick_anew")}
          keepLabel={say("settings.keep_changes")}
          onClose={() => setWish(null)}
          onConfirm={() => {
            setWish(null);
            editing.change(wish.change);
          }}
        >
          {wish.words}
        </ConfirmDialog>
      ) : null}
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

/** Half or twice of what holds now; only 1/2, 1 and 2 of what was found can be said. */
function halved(now: number | null, by: 0.5 | 2): OptionsChange {
  const wanted = (now ?? 1) * by;
  if (wanted === 1) return { tempo_factor: null, bpm: null };
  return { tempo_factor: wanted < 1 ? 0.5 : 2, bpm: null };
}

function others(
  settings: { sensitivity_by_instrument?: Record<string, number> | null },
  instrument: Instrument,
  value: number,
): Record<string, number> {
  return { ...settings.sensitivity_by_instrument, [instrument]: value };
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

function Sensitivity({
  name, value, onValue,
}: { name: string; value: number; onValue: (value: number) => void }) {
  const [moved, setMoved] = useState({ from: value, to: Math.round(value * 100) });
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  // Until the service has another value it stays where it was put.
  const shown = moved.from === value ? moved.to : Math.round(value * 100);
  const send = (percent: number, afterMilliseconds: number) => {
    clearTimeout(timer.current);
    if (Math.abs(percent / 100 - value) < 0.004) return;
    timer.current = setTimeout(() => onValue(percent / 100), afterMilliseconds);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  return (
    <label className="flex items-center gap-3 text-sm">
      <span className="w-24">{name}</span>
      <input
        type="range"
        min={0}
        max={100}
        value={shown}
        onChange={(event) => setMoved({ from: value, to: Number(event.target.value) })}
        className="h-7 min-w-0 grow accent-(--bronze)"
        onPointerUp={(event) => send(Number(event.currentTarget.value), 0)}
        onKeyUp={(event) => send(Number(event.currentTarget.value), KEY_PAUSE_MILLISECONDS)}
      />
      <output className="w-10 text-right text-ink-soft tabular-nums" aria-hidden="true">
        {shown}
      </output>
    </label>
  );
}
