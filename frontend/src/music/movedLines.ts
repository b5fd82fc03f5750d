import { barsOf, isTooShort, type Count, type GridBar } from "./bars";
import { beatAt } from "./beatGrid";

/** Whether only the line itself moves, or all lines after it with it. */
export type LineScope = "bar" | "on";

/** A bar line that is somewhere else: the bar that begins at it, and how many beats later (earlier: below 0). */
export interface MovedLine {
  bar: number;
  beats: number;
  scope: LineScope;
}

/** By how much a line may be moved, in beats of the grid: a beat as it is tapped, and half of it where bars can begin there. */
export function stepsOf({ beatQuarters, metre }: Pick<Count, "beatQuarters" | "metre">): { whole: number; half: number | null } {
  const whole = beatQuarters === 0.5 && metre.endsWith("/4") ? 2 : 1;
  return { whole, half: whole === 2 ? 1 : beatQuarters === 1 ? 0.5 : null };
}

/**
 * How many beats a line has to move to stand nearest to a moment, on whole beats or, finely, on halves too.
 * It stays between its neighbours; the first line has nothing before it, and stays where it is.
 */
export function beatsTo(count: Count, bar: number, seconds: number, isFine: boolean): number {
  const bars = barsOf(count.grid);
  const [before, here] = [bars[bar - 1], bars[bar]];
  if (!before || !here) return 0;
  const { whole, half } = stepsOf(count);
  const step = isFine && half !== null ? half : whole;
  const least = -mostOf(before, step, count);
  const most = mostOf(here, step, count);
  const wanted = step * Math.round((beatAt(count.grid, seconds) - here.start) / step);
  // Without the sign of a zero.
  return Math.min(most, Math.max(least, wanted)) || 0;
}

/** The most beats, in steps, that can be taken from a bar. */
function mostOf({ beats }: GridBar, step: number, count: Count): number {
  let steps = 0;
  while (!isTooShort(beats - (steps + 1) * step, count)) steps += 1;
  return steps * step;
}

/** Whether the line of a bar moves when this one does. */
export const moves = (moved: MovedLine | null, bar: number): boolean =>
  moved !== null && (bar === moved.bar || (moved.scope === "on" && bar > moved.bar));

/** Where the bars begin, in beats of the grid, once a line has moved. */
export const startsAfter = (bars: readonly GridBar[], moved: MovedLine | null): number[] =>
  bars.map(({ start }, bar) => (moved && moves(moved, bar) ? start + moved.beats : start));
