import { useState } from "react";
import { barLoop, loopFrom } from "@/music/loop";
import type { ScoreClock } from "@/music/timeMap";
import { say } from "@/words";
import { BarField } from "./BarField";
import { CHIP } from "./chip";
import type { PlayerEngine } from "./engine";
import type { PlayerState } from "./playerState";
import { TrainerControl } from "./TrainerControl";
import type { PracticeLoops } from "./usePractice";

interface LoopControlProps {
  engine: PlayerEngine;
  state: PlayerState;
  clock: ScoreClock;
  practice: PracticeLoops;
}

/** Loop from bar to bar; the button loops the four bars that are heard. */
export function LoopControl({ engine, state, clock, practice }: LoopControlProps) {
  const { measures } = clock.map;
  const first = measures[0]?.number ?? 1;
  const last = measures.at(-1)?.number ?? 1;
  const from = state.loop ? clock.measureAt(state.loop.startSeconds) : -1;
  const to = state.loop ? clock.measureAt(state.loop.endSeconds - 0.001) : -1;
  const loop = (fromIndex: number, toIndex: number) =>
    engine.setLoop(barLoop(measures, fromIndex, toIndex));
  return (
    <div role="group" aria-label={say("player.loop")} className="flex flex-wrap items-center gap-2">
      <button
        type="button"
        className={CHIP}
        aria-pressed={state.loop !== null}
        onClick={() => engine.setLoop(state.loop ? null : loopFrom(clock, engine.position()))}
      >
        {say("player.loop")}
      </button>
      {state.loop ? (
        <>
          <BarField
            label={say("player.loop_from")}
            value={measures[from]?.number ?? first}
            range={[first, last]}
            onBar={(bar) => loop(bar - first, Math.max(bar - first, to))}
          />
          <span aria-hidden="true">{say("player.loop_to_word")}</span>
          <BarField
            label={say("player.loop_to")}
            value={measures[to]?.number ?? last}
            range={[first, last]}
            onBar={(bar) => loop(Math.min(from, bar - first), bar - first)}
          />
          <TrainerControl engine={engine} trainer={state.trainer} />
          <KeepLoop
            key={`${from} ${to}`}
            suggestion={say("player.loop_name", { from: measures[from]?.number ?? first, to: measures[to]?.number ?? last })}
            onKeep={(name) => state.loop && practice.keepLoop({ ...state.loop, name })}
          />
        </>
      ) : null}
      {practice.loops.map((kept) => (
        <span key={kept.name} className="flex items-center">
          <button
            type="button"
            className={`${CHIP} rounded-r-none`}
            aria-pressed={
              state.loop?.startSeconds === kept.startSeconds && state.loop.endSeconds === kept.endSeconds
            }
            onClick={() => {
              engine.setLoop({ startSeconds: kept.startSeconds, endSeconds: kept.endSeconds });
              engine.seek(kept.startSeconds);
            }}
          >
            {kept.name}
          </button>
          <button
            type="button"
            className={`${CHIP} rounded-l-none border-l-0`}
            aria-label={say("player.forget_loop", { name: kept.name })}
            onClick={() => practice.forgetLoop(kept.name)}
          >
            ×
          </button>
        </span>
      ))}
    </div>
  );
}

/** Gives the loop a name, under which it stays with the song. */
function KeepLoop({ suggestion, onKeep }: { suggestion: string; onKeep: (name: string) => void }) {
  const [name, setName] = useState<string | null>(null);
  if (name === null) {
    return (
      <button type="button" className={CHIP} onClick={() => setName(suggestion)}>
        {say("player.keep_loop")}
      </button>
    );
  }
  return (
    <form
      className="flex items-center gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim()) onKeep(name.trim());
        setName(null);
      }}
    >
      <input
        autoFocus
        aria-label={say("player.loop_name_label")}
        value={name}
        maxLength={40}
        onFocus={(event) => event.currentTarget.select()}
        onChange={(event) => setName(event.target.value)}
        onKeyDown={(event) => event.key === "Escape" && setName(null)}
        className="min-h-11 w-36 rounded-lg border border-line-strong bg-page px-2 text-sm"
      />
      <button type="submit" className={CHIP}>
        {say("player.keep")}
      </button>
    </form>
  );
}
