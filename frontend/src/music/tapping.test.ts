import { expect, test } from "vitest";
import { LEAST_TAPS, NO_TAPS, tapped, tapsPerMinute, type Taps } from "./tapping";

const taps = (at: readonly number[], clock: Taps["clock"] = "room"): Taps =>
  at.reduce((before, seconds) => tapped(before, { clock, seconds }), NO_TAPS);
const steady = (bpm: number, count: number) => Array.from({ length: count }, (_, i) => 3 + (60 * i) / bpm);

test("steady taps say their tempo from the fourth on", () => {
  expect(tapsPerMinute(taps(steady(96, LEAST_TAPS - 1)))).toBeNull();
  expect(tapsPerMinute(taps(steady(96, LEAST_TAPS)))).toBeCloseTo(96);
  expect(tapsPerMinute(taps(steady(212, 40)))).toBeCloseTo(212);
});

test("hands that are a little early or late still say it", () => {
  const at = steady(120, 12).map((seconds, i) => seconds + 0.02 * Math.sin(5 * i));
  expect(Math.round(tapsPerMinute(taps(at)) ?? 0)).toBe(120);
});

test("a beat that was left out and a slip do not count", () => {
  const at = steady(100, 12).filter((_, i) => i !== 5);
  expect(tapsPerMinute(taps(at))).toBeCloseTo(100);
  expect(tapsPerMinute(taps([...at.slice(0, 8), (at[7] ?? 0) + 0.1, ...at.slice(8)]))).toBeCloseTo(100);
});

test("who taps anyhow is told no tempo", () => {
  expect(tapsPerMinute(taps([0, 0.3, 1.2, 1.5, 2.8, 3, 4.4]))).toBeNull();
});

test("after a pause, a jump back or on another clock it begins anew", () => {
  const four = taps(steady(120, 4), "recording");
  const last = four.at.at(-1) ?? 0;
  expect(tapped(four, { clock: "recording", seconds: last + 2.4 }).at).toHaveLength(5);
  expect(tapped(four, { clock: "recording", seconds: last + 2.6 }).at).toEqual([last + 2.6]);
  expect(tapped(four, { clock: "recording", seconds: 1 })).toEqual({ clock: "recording", at: [1] });
  expect(tapped(four, { clock: "room", seconds: last + 0.5 })).toEqual({ clock: "room", at: [last + 0.5] });
});

test("the tempo is that of the taps of late", () => {
  const slow = steady(60, 30);
  const fast = Array.from({ length: 24 }, (_, i) => (slow.at(-1) ?? 0) + (i + 1) * 0.5);
  expect(tapsPerMinute(taps([...slow, ...fast]))).toBeCloseTo(120);
});
