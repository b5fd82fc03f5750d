import type { BarMark, Count } from "./bars";
import { beatAt, secondsAt } from "./beatGrid";

/**
 * Beats of the grid in one of those that bar lines are moved by: they are moved before marks say where bars
 * of eighths stand, and those make eighths of the quarters that were found.
 */
const gridBeats = ({ marks, beatQuarters }: Count): number => (marks.length > 0 && beatQuarters === 0.5 ? 2 : 1);

/** All bar lines so many beats later (earlier: below 0), those that were set by hand with them. shift: by how much they are moved already. */
export function allLinesMoved(count: Count, beats: number, shift: number): { shift_beats: number; bars: BarMark[] } {
  const { grid, marks } = count;
  const by = beats * gridBeats(count);
  const bars = marks.map((mark) => ({ ...mark, at_seconds: secondsAt(grid, beatAt(grid, mark.at_seconds) + by) }));
  return { shift_beats: shift + beats, bars: bars.filter(({ at_seconds }) => at_seconds >= 0) };
}

/**
 * The first bar line, and all others, so many beats later: what is played before it is a pickup. null where
 * it would stand before the song.
 */
export function firstLineMoved(count: Count, beats: number, shift: number): { shift_beats: number; bars: BarMark[] } | null {
  const first = count.grid.beatNumbers.indexOf(1) + beats * gridBeats(count);
  return first < 0 ? null : allLinesMoved(count, beats, shift);
}
