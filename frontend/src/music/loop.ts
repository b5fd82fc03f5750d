import type { ScoreClock, TimedMeasure } from "./timeMap";

/** A stretch of the recording that is played again and again. */
export interface Loop {
  startSeconds: number;
  endSeconds: number;
}

/** From the start of one bar to the end of another (indices, brought into the piece). */
export function barLoop(
  measures: readonly TimedMeasure[],
  fromIndex: number,
  toIndex: number,
): Loop | null {
  const inside = (index: number) => Math.min(measures.length - 1, Math.max(0, index));
  const first = measures[inside(Math.min(fromIndex, toIndex))];
  const last = measures[inside(Math.max(fromIndex, toIndex))];
  if (!first || !last) return null;
  return { startSeconds: Math.max(0, first.start_seconds), endSeconds: last.end_seconds };
}

/** The whole bars that a stretch of the recording touches. */
export function barsAround(clock: ScoreClock, stretch: Loop): Loop | null {
  const from = Math.max(0, clock.measureAt(stretch.startSeconds));
  return barLoop(clock.map.measures, from, Math.max(from, clock.measureAt(stretch.endSeconds)));
}

const LOOP_BARS = 4;

/** The four bars from the one that sounds at a moment. */
export function loopFrom(clock: ScoreClock, seconds: number): Loop | null {
  const here = Math.max(0, clock.measureAt(seconds));
  return barLoop(clock.map.measures, here, here + LOOP_BARS - 1);
}
