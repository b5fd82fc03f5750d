"use client";

import { useEffect, useRef } from "react";
import type { ScoreClock } from "@/features/score/timeMap";
import { MAX_RATE, MIN_RATE, type PlayerEngine, type PlayerState } from "./engine";
import { barLoop } from "./barLoop";

const RATES = [0.5, 0.75, 1];

export function clockWords(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

interface TransportBarProps {
  engine: PlayerEngine;
  state: PlayerState;
  clock: ScoreClock | null;
  isSoundReady: boolean;
  isMixerOpen: boolean;
  onMixer: () => void;
}

/** Play, place, speed, loop, count-in, click: within reach of a hand that holds a stick. */
export function TransportBar({
  engine, state, clock, isSoundReady, isMixerOpen, onMixer,
}: TransportBarProps) {
  const place = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    let request = 0;
    const follow = () => {
      const now = engine.position();
      const bar = clock?.measure(clock.measureAt(now))?.number;
      const words = `${bar === undefined ? "" : `bar ${bar} · `}${clockWords(now)} / ${clockWords(state.durationSeconds)}`;
      if (place.current && place.current.textContent !== words) place.current.textContent = words;
      request = requestAnimationFrame(follow);
    };
    follow();
    return () => cancelAnimationFrame(request);
  }, [engine, clock, state.durationSeconds]);

  const chip =
    "min-h-11 cursor-pointer rounded-full border border-line-strong px-3.5 text-sm aria-pressed:border-pad aria-pressed:bg-pad aria-pressed:text-white disabled:opacity-50";
  return (
    <div role="toolbar" aria-label="Player" className="transport flex items-center gap-2 sm:flex-wrap sm:gap-3">
      <button
        type="button"
        onClick={() => engine.toggle()}
        disabled={!isSoundReady}
        aria-label={state.isPlaying ? "Pause" : "Play"}
        className="grid h-14 w-14 shrink-0 cursor-pointer place-items-center rounded-full bg-bronze text-on-bronze shadow disabled:cursor-wait disabled:opacity-50"
      >
        <svg viewBox="0 0 24 24" className="h-7 w-7 fill-current" aria-hidden="true">
          {state.isPlaying ? <path d="M6 4h4v16H6zm8 0h4v16h-4z" /> : <path d="M7 3.5v17l14-8.5z" />}
        </svg>
      </button>
      <span ref={place} data-testid="place" className="min-w-36 whitespace-nowrap font-display text-base tabular-nums" />
      {state.isCountingIn ? <span className="text-care">counting in</span> : null}

      <div role="group" aria-label="Speed" className="flex items-center gap-2">
        {RATES.map((rate) => (
          <button
            key={rate}
            type="button"
            aria-pressed={Math.abs(state.rate - rate) < 0.005}
            onClick={() => engine.setRate(rate)}
            className={`${chip} hidden sm:inline-block`}
          >
            {Math.round(rate * 100)} %
          </button>
        ))}
        <label className="flex items-center gap-2 text-sm">
          <span className="w-24 whitespace-nowrap tabular-nums">
            Speed {Math.round(state.rate * 100)} %
          </span>
          <input
            type="range"
            aria-label="Speed in percent"
            min={MIN_RATE * 100}
            max={MAX_RATE * 100}
            step={1}
            value={Math.round(state.rate * 100)}
            onChange={(event) => engine.setRate(Number(event.target.value) / 100)}
            className="w-28 accent-(--bronze)"
          />
        </label>
      </div>

      {clock ? <LoopControl engine={engine} state={state} clock={clock} chip={chip} /> : null}
      <button
        type="button"
        className={chip}
        aria-pressed={state.hasCountIn}
        onClick={() => engine.setCountIn(!state.hasCountIn)}
      >
        Count-in
      </button>
      <button
        type="button"
        className={chip}
        aria-pressed={!state.sources.click.isMuted}
        onClick={() => engine.setSource("click", { isMuted: !state.sources.click.isMuted })}
      >
        Click
      </button>
      <button type="button" className={chip} aria-expanded={isMixerOpen} onClick={onMixer}>
        Mixer
      </button>
    </div>
  );
}

/** Loop from bar to bar; the button loops the four bars that are heard. */
function LoopControl({
  engine, state, clock, chip,
}: { engine: PlayerEngine; state: PlayerState; clock: ScoreClock; chip: string }) {
  const { measures } = clock.map;
  const first = measures[0]?.number ?? 1;
  const last = measures.at(-1)?.number ?? 1;
  const from = state.loop ? clock.measureAt(state.loop.startSeconds) : -1;
  const to = state.loop ? clock.measureAt(state.loop.endSeconds - 0.001) : -1;
  const loop = (fromIndex: number, toIndex: number) =>
    engine.setLoop(barLoop(measures, fromIndex, toIndex));
  const toggle = () => {
    if (state.loop) return engine.setLoop(null);
    const here = Math.max(0, clock.measureAt(engine.position()));
    loop(here, here + 3);
  };
  const field =
    "min-h-11 w-16 rounded-lg border border-line-strong bg-page px-2 text-center tabular-nums";
  return (
    <div role="group" aria-label="Loop" className="flex items-center gap-2">
      <button type="button" className={chip} aria-pressed={state.loop !== null} onClick={toggle}>
        Loop
      </button>
      {state.loop ? (
        <>
          <label className="sr-only" htmlFor="loop-from">Loop from bar</label>
          <input
            id="loop-from"
            type="number"
            className={field}
            min={first}
            max={last}
            value={measures[from]?.number ?? first}
            onChange={(event) => {
              const index = Number(event.target.value) - first;
              loop(index, Math.max(index, to));
            }}
          />
          <span aria-hidden="true">to</span>
          <label className="sr-only" htmlFor="loop-to">Loop to bar</label>
          <input
            id="loop-to"
            type="number"
            className={field}
            min={first}
            max={last}
            value={measures[to]?.number ?? last}
            onChange={(event) => {
              const index = Number(event.target.value) - first;
              loop(Math.min(from, index), index);
            }}
          />
        </>
      ) : null}
    </div>
  );
}
