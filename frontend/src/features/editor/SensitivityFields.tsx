"use client";

import { useEffect, useRef, useState } from "react";
import { api, unwrap, type Instrument, type JobResult } from "@/api/client";
import { Button } from "@/components/ui/Button";
import { instrumentName } from "@/music/instruments";
import { INSTRUMENTS } from "@/music/staffOrder";
import { say } from "@/words";
import type { Editing } from "./useEditing";

/** Keys that follow each other faster are one change. */
const KEY_PAUSE_MILLISECONDS = 500;

type Change = Parameters<Editing["change"]>[0];

/** Where it stands with a sensitivity that was moved, and is not applied yet. */
interface Tried {
  change: Change;
  /** What it would change; null while that is counted. */
  counts: { added: number; removed: number } | null;
  mistake: string | null;
}

/** How much is written down, of all drums and of each: tried first, with what it would change, then applied. */
export function SensitivityFields({ editing, result }: { editing: Editing; result: JobResult }) {
  // From what has been asked for: it may be moved again before the page is written.
  const settings = { ...result.settings, ...editing.wish } as JobResult["settings"];
  const [tried, setTried] = useState<Tried | null>(null);
  // Sliders go back to what holds where nothing was applied.
  const [round, setRound] = useState(0);
  const turn = useRef(0);
  const isByHand = result.has_edited_hits || editing.isDirty;
  const attempt = async (change: Change) => {
    turn.current += 1;
    const mine = turn.current;
    setTried({ change, counts: null, mistake: null });
    // What was edited a moment ago counts, too.
    await editing.settle();
    const answer = await unwrap(
      api.POST("/api/v1/jobs/{job_id}/score/try", {
        params: { path: { job_id: result.job_id } },
        body: change as { sensitivity?: number },
      }),
    ).then(
      (counts) => ({ counts, mistake: null }),
      (error: unknown) => ({ counts: null, mistake: error instanceof Error ? error.message : String(error) }),
    );
    if (mine === turn.current) setTried({ change, ...answer });
  };
  const leave = () => {
    turn.current += 1;
    setTried(null);
    setRound(round + 1);
  };
  return (
    <fieldset className="grid min-w-0 grid-cols-1 content-start gap-2">
      <legend className="mb-1 font-display text-lg font-semibold">{say("settings.sensitivity")}</legend>
      <p className="text-sm text-ink-soft">{say("settings.sensitivity_help")}</p>
      <Sensitivity
        key={`all ${round}`}
        name={say("settings.all_drums")}
        value={settings.sensitivity}
        onValue={(sensitivity) => void attempt({ sensitivity })}
      />
      {INSTRUMENTS.map((instrument) => (
        <Sensitivity
          key={`${instrument} ${round}`}
          name={instrumentName(instrument)}
          value={settings.sensitivity_by_instrument[instrument] ?? settings.sensitivity}
          onValue={(value) => void attempt({ sensitivity_by_instrument: others(settings, instrument, value) })}
        />
      ))}
      <div aria-live="polite" className="flex min-h-11 flex-wrap items-center gap-3">
        {tried ? (
          <>
            <span className="font-semibold">{triedWords(tried)}</span>
            {isByHand ? <span className="text-sm text-ink-soft">{say("settings.hand_work_stays")}</span> : null}
            <Button
              look="primary"
              className="px-4"
              disabled={tried.counts === null}
              onClick={() => {
                editing.change(tried.change);
                leave();
              }}
            >
              {say("settings.apply")}
            </Button>
            <Button className="px-4" onClick={leave}>
              {say("settings.leave_it")}
            </Button>
          </>
        ) : null}
      </div>
    </fieldset>
  );
}

function triedWords({ counts, mistake }: Tried): string {
  if (mistake !== null) return mistake;
  if (!counts) return say("settings.counting");
  return say("settings.would_change", { added: counts.added, removed: counts.removed });
}

function others(
  settings: { sensitivity_by_instrument?: Record<string, number> | null },
  instrument: Instrument,
  value: number,
): Record<string, number> {
  return { ...settings.sensitivity_by_instrument, [instrument]: value };
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
