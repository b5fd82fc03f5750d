"use client";

import { useEffect, useRef, useState } from "react";
import { clockTime } from "@/lib/format";
import type { ScoreClock } from "@/music/timeMap";
import { MAX_RATE, MIN_RATE, type PlayerEngine, type PlayerState } from "./engine";
import { barLoop, loopFrom } from "@/music/loop";
import { Mixer } from "./Mixer";

const RATES = [0.5, 0.75, 1];

/** The second that has begun: a clock that runs does not round. */
export function clockWords(seconds: number): string {
  return clockTime(Math.floor(seconds));
}

const CHIP =
  "min-h-11 cursor-pointer rounded-full border border-line-strong px-3.5 text-sm aria-pressed:border-pad aria-pressed:bg-pad aria-pressed:text-white aria-expanded:border-pad aria-expanded:bg-pad aria-expanded:text-white disabled:opacity-50";

interface TransportBarProps {
  engine: PlayerEngine;
  state: PlayerState;
  clock: ScoreClock | null;
  isSoundReady: boolean;
}

/**
 * Play, place, speed, loop, count-in, click: within reach of a hand that holds a stick. A phone
 * has it at its lower edge, all but play and place folded away.
 */
export function TransportBar({ engine, state, clock, isSoundReady }: TransportBarProps) {
  const place = useRef<HTMLSpanElement>(null);
  const [isMoreOpen, setMoreOpen] = useState(false);
  const [isMixerOpen, setMixerOpen] = useState(false);
  useEffect(() => {
    let request = 0;
    const follow = () => {
      const now = engine.position();
      const bar = clock?.measure(clock.measureAt(now))?.number;
      const words = `${bar === undefined ? "" : `bar ${bar} · `}${clockWords(now)} / ${clockTime(state.durationSeconds)}`;
      if (place.current && place.current.textContent !== words) place.current.textContent = words;
      request = requestAnimationFrame(follow);
    };
    follow();
    return () => cancelAnimationFrame(request);
  }, [engine, clock, state.durationSeconds]);

  return (
    <div className="transport">
      <div role="toolbar" aria-label="Player" className="transport-bar" data-open={isMoreOpen}>
        <div className="flex items-center gap-3">
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
          <div className="min-w-40 grow">
            <span ref={place} data-testid="place" className="block whitespace-nowrap font-display text-base tabular-nums" />
            <span className="block text-sm text-ink-soft" aria-live="polite">
              {state.isCountingIn ? "counting in" : stateWords(state)}
            </span>
          </div>
          <button
            type="button"
            className={`${CHIP} transport-more-button`}
            aria-expanded={isMoreOpen}
            onClick={() => setMoreOpen(!isMoreOpen)}
          >
            Practise
          </button>
        </div>
        <div className="transport-more">
          <Speed engine={engine} state={state} />
          {clock ? <LoopControl engine={engine} state={state} clock={clock} /> : null}
          <div className="flex flex-wrap items-center gap-2">
            <button
              type="button"
              className={CHIP}
              aria-pressed={state.hasCountIn}
              onClick={() => engine.setCountIn(!state.hasCountIn)}
            >
              Count-in
            </button>
            <button
              type="button"
              className={CHIP}
              aria-pressed={!state.sources.click.isMuted}
              onClick={() => engine.setSource("click", { isMuted: !state.sources.click.isMuted })}
            >
              Click
            </button>
            <button
              type="button"
              className={CHIP}
              aria-expanded={isMixerOpen}
              onClick={() => setMixerOpen(!isMixerOpen)}
            >
              Mixer
            </button>
          </div>
        </div>
      </div>
      {isMixerOpen ? (
        <section
          aria-label="Mixer"
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
  return [percent === 100 ? "" : `${percent} % speed`, state.loop ? "loop" : ""]
    .filter(Boolean)
    .join(", ");
}

function Speed({ engine, state }: { engine: PlayerEngine; state: PlayerState }) {
  return (
    <div role="group" aria-label="Speed" className="flex flex-wrap items-center gap-2">
      {RATES.map((rate) => (
        <button
          key={rate}
          type="button"
          aria-pressed={Math.abs(state.rate - rate) < 0.005}
          onClick={() => engine.setRate(rate)}
          className={CHIP}
        >
          {Math.round(rate * 100)} %
        </button>
      ))}
      <label className="flex min-h-11 grow items-center gap-2 text-sm">
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
          className="h-6 w-28 grow accent-(--bronze)"
        />
      </label>
    </div>
  );
}

/** Loop from bar to bar; the button loops the four bars that are heard. */
function LoopControl({
  engine, state, clock,
}: { engine: PlayerEngine; state: PlayerState; clock: ScoreClock }) {
  const { measures } = clock.map;
  const first = measures[0]?.number ?? 1;
  const last = measures.at(-1)?.number ?? 1;
  const from = state.loop ? clock.measureAt(state.loop.startSeconds) : -1;
  const to = state.loop ? clock.measureAt(state.loop.endSeconds - 0.001) : -1;
  const loop = (fromIndex: number, toIndex: number) =>
    engine.setLoop(barLoop(measures, fromIndex, toIndex));
  return (
    <div role="group" aria-label="Loop" className="flex items-center gap-2">
      <button
        type="button"
        className={CHIP}
        aria-pressed={state.loop !== null}
        onClick={() => engine.setLoop(state.loop ? null : loopFrom(clock, engine.position()))}
      >
        Loop
      </button>
      {state.loop ? (
        <>
          <BarField
            label="Loop from bar"
            value={measures[from]?.number ?? first}
            range={[first, last]}
            onBar={(bar) => loop(bar - first, Math.max(bar - first, to))}
          />
          <span aria-hidden="true">to</span>
          <BarField
            label="Loop to bar"
            value={measures[to]?.number ?? last}
            range={[first, last]}
            onBar={(bar) => loop(Math.min(from, bar - first), bar - first)}
          />
        </>
      ) : null}
    </div>
  );
}

/** The number of a bar; what is being typed stays as it is until it is a bar of the piece. */
function BarField({
  label, value, range: [first, last], onBar,
}: {
  label: string;
  value: number;
  range: readonly [number, number];
  onBar: (bar: number) => void;
}) {
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <input
      type="number"
      aria-label={label}
      className="min-h-11 w-16 rounded-lg border border-line-strong bg-page px-2 text-center tabular-nums"
      min={first}
      max={last}
      value={typed ?? value}
      onChange={(event) => {
        setTyped(event.target.value);
        const bar = Number(event.target.value);
        if (event.target.value !== "" && bar >= first && bar <= last) onBar(bar);
      }}
      onBlur={() => setTyped(null)}
    />
  );
}
