"use client";

import { useEffect, useRef, useState } from "react";
import { clockTime } from "@/lib/format";
import type { ScoreClock } from "@/music/timeMap";
import { say } from "@/words";
import { CHIP } from "./chip";
import { ClickControl } from "./ClickControl";
import type { PlayerEngine } from "./engine";
import type { PlayerState } from "./playerState";
import { LoopControl } from "./LoopControl";
import { Mixer } from "./Mixer";
import { Speed } from "./Speed";
import type { PracticeLoops } from "./usePractice";

/** The second that has begun: a clock that runs does not round. */
export function clockWords(seconds: number): string {
  return clockTime(Math.floor(seconds));
}

interface TransportBarProps {
  engine: PlayerEngine;
  state: PlayerState;
  clock: ScoreClock | null;
  isSoundReady: boolean;
  /** Beats a minute at full speed, as they stand over the score. */
  bpm: number;
  practice: PracticeLoops;
  /** Notes or bars are being corrected: a phone has no room to practise beside it. */
  isEditing: boolean;
}

/**
 * Play, place, speed, loop, count-in, click: within reach of a hand that holds a stick. A phone
 * has it at its lower edge, all but play and place folded away.
 */
export function TransportBar({
  engine, state, clock, isSoundReady, bpm, practice, isEditing,
}: TransportBarProps) {
  const place = useRef<HTMLSpanElement>(null);
  const [isMoreOpen, setMoreOpen] = useState(false);
  const [isMixerOpen, setMixerOpen] = useState(false);
  const [wasEditing, setWasEditing] = useState(isEditing);
  if (isEditing !== wasEditing) {
    setWasEditing(isEditing);
    if (isEditing) setMoreOpen(false);
  }
  useEffect(() => {
    let request = 0;
    const follow = () => {
      const now = engine.position();
      const bar = clock?.measure(clock.measureAt(now))?.number;
      const time = `${clockWords(now)} / ${clockTime(state.durationSeconds)}`;
      const words = bar === undefined ? time : say("player.bar_and_time", { bar, time });
      if (place.current && place.current.textContent !== words) place.current.textContent = words;
      request = requestAnimationFrame(follow);
    };
    follow();
    return () => cancelAnimationFrame(request);
  }, [engine, clock, state.durationSeconds]);

  return (
    <div className="transport">
      <div role="toolbar" aria-label={say("player.title")} className="transport-bar" data-open={isMoreOpen}>
        <div className="flex items-center gap-3">
          <button
            type="button"
            onClick={() => engine.toggle()}
            disabled={!isSoundReady}
            aria-label={state.isPlaying ? say("player.pause") : say("player.play")}
            className="grid h-14 w-14 shrink-0 cursor-pointer place-items-center rounded-full bg-bronze text-on-bronze shadow disabled:cursor-wait disabled:opacity-50"
          >
            <svg viewBox="0 0 24 24" className="h-7 w-7 fill-current" aria-hidden="true">
              {state.isPlaying ? <path d="M6 4h4v16H6zm8 0h4v16h-4z" /> : <path d="M7 3.5v17l14-8.5z" />}
            </svg>
          </button>
          <div className="min-w-40 grow">
            <span ref={place} data-testid="place" className="block whitespace-nowrap font-display text-base tabular-nums" />
            <span className="block text-sm text-ink-soft" aria-live="polite">
              {state.isCountingIn ? say("player.counting_in") : stateWords(state)}
            </span>
          </div>
          <button
            type="button"
            className={`${CHIP} transport-more-button`}
            aria-expanded={isMoreOpen}
            onClick={() => setMoreOpen(!isMoreOpen)}
          >
            {say("player.practise")}
          </button>
        </div>
        <div className="transport-more">
          <Speed engine={engine} state={state} bpm={bpm} />
          {clock ? <LoopControl engine={engine} state={state} clock={clock} practice={practice} /> : null}
          <div className="flex flex-wrap items-center gap-2">
            <ClickControl engine={engine} state={state} />
            <button
              type="button"
              className={CHIP}
              aria-expanded={isMixerOpen}
              onClick={() => setMixerOpen(!isMixerOpen)}
            >
              {say("player.mixer")}
            </button>
          </div>
        </div>
      </div>
      {isMixerOpen ? (
        <section
          aria-label={say("player.mixer")}
          data-open={isMoreOpen}
          className="transport-mixer mt-3 border-t border-line pt-4"
        >
          <Mixer engine={engine} state={state} />
        </section>
      ) : null}
    </div>
  );
}

/** What is set up for practising, where the controls themselves may be folded away. */
function stateWords(state: PlayerState): string {
  const percent = Math.round(state.rate * 100);
  return [
    percent === 100 ? "" : say("player.percent_speed", { percent }),
    state.loop ? say("player.state_loop") : "",
    state.loop && state.trainer ? say("player.state_trainer") : "",
  ]
    .filter(Boolean)
    .join(", ");
}
