/**
 * Taps of somebody who taps along, in seconds of one clock, ascending. clock: that of the recording while
 * it plays, else that of the room.
 */
export interface Taps {
  clock: "recording" | "room";
  at: readonly number[];
}

export const NO_TAPS: Taps = { clock: "room", at: [] };

/** Fewer say no tempo. */
export const LEAST_TAPS = 4;
/** What was tapped long ago is no part of the tempo of now. */
const MOST_TAPS = 24;
/** Who waits so long begins anew; slower than any tempo that can be said. */
const PAUSE_SECONDS = 2.5;
/** Intervals that differ more from the usual one, by share and in seconds, are a beat that was left out, or a slip. */
const SLIP_SHARE = 0.15;
const SLIP_SECONDS = 0.04;

/** With one tap more. After a pause, a jump back in the recording, or on another clock it is the first. */
export function tapped({ clock, at }: Taps, next: { clock: Taps["clock"]; seconds: number }): Taps {
  const { seconds } = next;
  const wait = seconds - (at.at(-1) ?? -Infinity);
  if (next.clock !== clock || wait <= 0 || wait > PAUSE_SECONDS) return { clock: next.clock, at: [seconds] };
  return { clock, at: [...at, seconds] };
}

/** How often a minute is tapped; null while it is too seldom or too unsteady to say. */
export function tapsPerMinute({ at }: Taps): number | null {
  if (at.length < LEAST_TAPS) return null;
  const late = at.slice(-MOST_TAPS);
  const intervals = late.slice(1).map((seconds, i) => seconds - (late[i] ?? 0));
  const usual = median(intervals);
  const most = Math.max(SLIP_SHARE * usual, SLIP_SECONDS);
  const steady = intervals.filter((interval) => Math.abs(interval - usual) <= most);
  if (2 * steady.length <= intervals.length) return null;
  return 60 / (steady.reduce((sum, interval) => sum + interval, 0) / steady.length);
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = 0, high = 0] = sorted.length % 2 === 1 ? [sorted[middle], sorted[middle]] : sorted.slice(middle - 1);
  return (low + high) / 2;
}
