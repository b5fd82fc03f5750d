/** Where a line of the score begins and ends on the paper, in pixels from its top. */
export interface Line {
  top: number;
  bottom: number;
}

export type Turn = "whole" | "half";

/** Above and below the lines that are shown; less where the next line is nearer. */
const GAP_PIXELS = 10;

/** How many lines from `first` on can be seen whole in a window of this height; at least one. */
export function linesThatFit(lines: readonly Line[], first: number, height: number): number {
  const from = lines[first]?.top ?? 0;
  let count = 1;
  while (first + count < lines.length) {
    const next = lines[first + count] as Line;
    if (next.bottom - from + 2 * GAP_PIXELS > height) break;
    count += 1;
  }
  return count;
}

/** The part of the paper to show: from `first` on, all lines that fit and nothing of another one. */
export function windowOf(
  lines: readonly Line[], first: number, height: number,
): { top: number; height: number; last: number } {
  const begin = lines[first];
  if (!begin) return { top: 0, height, last: 0 };
  const last = first + linesThatFit(lines, first, height) - 1;
  const end = lines[last] as Line;
  const above = gap(lines[first - 1], begin);
  const below = gap(end, lines[last + 1]);
  return { top: begin.top - above, height: end.bottom + below - begin.top + above, last };
}

const gap = (upper: Line | undefined, lower: Line | undefined): number =>
  upper && lower ? Math.max(0, Math.min(GAP_PIXELS, (lower.top - upper.bottom) / 2)) : GAP_PIXELS;

/** By how many lines a turn goes on from a page. */
function stride(lines: readonly Line[], first: number, height: number, turn: Turn): number {
  const shown = linesThatFit(lines, first, height);
  return turn === "whole" ? shown : Math.ceil(shown / 2);
}

/** The first line after a turn forward; the same where there is nothing further on. */
export function turnOn(lines: readonly Line[], first: number, height: number, turn: Turn): number {
  const isLast = first + linesThatFit(lines, first, height) >= lines.length;
  return isLast ? first : first + stride(lines, first, height, turn);
}

/** The first line after a turn back: the earliest from which one stride comes as far as here. */
export function turnBack(lines: readonly Line[], first: number, height: number, turn: Turn): number {
  let before = Math.max(0, first - 1);
  while (before > 0 && before - 1 + stride(lines, before - 1, height, turn) >= first) before -= 1;
  return before;
}

/** The pages that turning from the beginning shows, as their first lines. */
export function pagesOf(lines: readonly Line[], height: number): number[] {
  const firsts = [0];
  for (;;) {
    const here = firsts.at(-1) as number;
    const next = turnOn(lines, here, height, "whole");
    if (next === here) return firsts;
    firsts.push(next);
  }
}

/** The first line to show for the line that sounds: the same while it is in view. */
export function followTo(
  lines: readonly Line[], first: number, height: number, turn: Turn, sounding: number,
): number {
  const last = first + linesThatFit(lines, first, height) - 1;
  if (sounding < first || sounding > last) return sounding;
  // Half pages: whoever reads the last line has to see what comes after it.
  return turn === "half" && sounding === last && last > first ? sounding : first;
}
