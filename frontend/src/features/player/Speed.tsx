import { say } from "@/words";
import { CHIP } from "./chip";
import type { PlayerEngine } from "./engine";
import type { PlayerState } from "./playerState";
import { MAX_RATE, MIN_RATE } from "./practice";

const RATES = [0.5, 0.75, 1];

/** How fast, in percent and in beats a minute. bpm: of the song at full speed. */
export function Speed({
  engine, state, bpm,
}: { engine: PlayerEngine; state: PlayerState; bpm: number }) {
  return (
    <div role="group" aria-label={say("player.speed")} className="flex flex-wrap items-center gap-2">
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
        <span className="min-w-40 whitespace-nowrap tabular-nums">
          {say("player.speed_words", { percent: Math.round(state.rate * 100), bpm: Math.round(bpm * state.rate) })}</span>
        <input
          type="range"
          aria-label={say("player.speed_label")}
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
