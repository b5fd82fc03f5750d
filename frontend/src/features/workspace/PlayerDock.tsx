import { useMemo, useState, type ReactNode } from "react";
import type { JobResult } from "@/api/client";
import { isCountedAnew } from "@/features/editor/countChanges";
import type { Editing } from "@/features/editor/useEditing";
import type { PlayerEngine } from "@/features/player/engine";
import type { PlayerState } from "@/features/player/playerState";
import type { SoundState } from "@/features/player/usePlayer";
import { TransportBar } from "@/features/player/TransportBar";
import type { PracticeLoops } from "@/features/player/usePractice";
import { Waveform } from "@/features/player/Waveform";
import { barsOf, countOf, lineMoved, wishOf } from "@/music/bars";
import { barsAround } from "@/music/loop";
import type { MovedLine } from "@/music/movedLines";
import type { ScoreClock } from "@/music/timeMap";
import { BarLineTools } from "./BarLineTools";
import { numberOnPage } from "./numberOnPage";

interface PlayerDockProps {
  result: JobResult;
  editing: Editing;
  engine: PlayerEngine;
  state: PlayerState;
  sound: SoundState;
  clock: ScoreClock | null;
  practice: PracticeLoops;
  /** Something is being corrected: bar lines can be moved. */
  isEditing: boolean;
  positionWords: (seconds: number) => string;
  /** What is said about the sound, if it is not there. */
  notice: ReactNode;
}

/** The sound of the song, what plays it, and its bar lines, which can be put right here. */
export function PlayerDock({
  result, editing, engine, state, sound, clock, practice, isEditing, positionWords, notice,
}: PlayerDockProps) {
  const [zoom, setZoom] = useState(1);
  const [movesAll, setMovesAll] = useState(true);
  const [hasHandles, setHasHandles] = useState(false);
  const count = useMemo(() => countOf(result), [result]);
  const bars = useMemo(() => barsOf(count.grid), [count]);
  const isLoading = sound.kind === "loading";
  const onMoved = ({ bar, beats, scope }: MovedLine) => {
    const marks = lineMoved(count, bar, beats, scope);
    if (marks) editing.change({ bars: wishOf(marks, result) });
  };
  return (
    <div className="player-dock print:hidden grid min-w-0 grid-cols-1 gap-3 rounded-2xl border border-line bg-stand p-3 shadow-sm sm:p-4">
      <div className="relative">
        <Waveform
          engine={engine}
          peaks={sound.kind === "ready" ? sound.peaks : null}
          hits={editing.edit.hits}
          loop={state.loop}
          durationSeconds={state.durationSeconds || result.duration_seconds}
          zoom={isEditing ? zoom : 1}
          bars={{
            count,
            numberOf: (bar) => numberOnPage(clock, count.grid, bars[bar]?.start ?? 0) ?? bar + 1,
            moving: isEditing
              ? { scope: movesAll ? "on" : "bar", onMoved, isWaiting: isCountedAnew(editing.wish) }
              : null,
          }}
          onHandles={setHasHandles}
          positionWords={positionWords}
          onLoop={(stretch) => engine.setLoop(clock ? barsAround(clock, stretch) : stretch)}
        />
        {/* Where the waveform will be: what lies below stays where it is. */}
        {isLoading ? <div className="pointer-events-none absolute inset-0 grid place-items-center">{notice}</div> : null}
      </div>
      {isEditing ? (
        <BarLineTools
          zoom={zoom}
          onZoom={setZoom}
          hasHandles={hasHandles}
          movesAll={movesAll}
          onMovesAll={setMovesAll}
        />
      ) : null}
      <TransportBar
        engine={engine}
        state={state}
        clock={clock}
        isSoundReady={!isLoading}
        bpm={Math.round(result.bpm)}
        practice={practice}
        isEditing={isEditing}
      />
      {isLoading ? null : notice}
    </div>
  );
}
