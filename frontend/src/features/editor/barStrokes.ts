import type { Hit } from "@/api/client";
import { strokesOf, type GridBar } from "@/music/bars";
import { beatAt, secondsAt, type BeatGrid } from "@/music/beatGrid";
import { handOf } from "@/music/sticking";
import type { Stroke } from "@/music/strokes";
import type { EditAction } from "./edits";

/** The strokes of a bar that was copied; their times are beats from its start. */
export interface CopiedBar {
  /** As it is numbered on the page. */
  number: number;
  /** Where it begins, in seconds: its bar is known by it when bars are counted otherwise. */
  seconds: number;
  strokes: readonly Stroke[];
}

/** A bar with what is played in it, to be put elsewhere. */
export function copied(hits: readonly Hit[], grid: BeatGrid, bar: GridBar, number: number): CopiedBar {
  const strokes = strokesOf(hits, grid, bar).map((hit) => ({
    time: beatAt(grid, hit.time) - bar.start,
    instrument: hit.instrument,
    velocity: hit.velocity,
    articulation: hit.articulation,
    sticking: handOf(hit),
    confidence: 1,
  }));
  return { number, seconds: secondsAt(grid, bar.start), strokes };
}

/**
 * What is played in some bars becomes what was copied, played as early or late as there; a shorter
 * bar has its beginning. null: nothing is played in them any more.
 */
export function played(
  hits: readonly Hit[], grid: BeatGrid, bars: readonly GridBar[], bar: CopiedBar | null, words: string,
): EditAction {
  const strokes = bars.flatMap(({ start, beats }) =>
    (bar?.strokes ?? [])
      .filter(({ time }) => time < beats)
      .map((stroke) => ({ ...stroke, time: Math.max(0, secondsAt(grid, start + stroke.time)) })),
  );
  const keys = bars.flatMap((one) => strokesOf(hits, grid, one).map(({ id }) => id));
  return { kind: "replace", keys, hits: strokes, words };
}
