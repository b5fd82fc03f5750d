import { expect, test } from "vitest";
import { allLinesMoved, firstLineMoved } from "./allLines";
import type { BarMark, Count } from "./bars";

/** Half a second a beat, from the first at 1 s; five bars of four. */
const beatNumbers = Array.from({ length: 20 }, (_, i) => (i % 4) + 1);
const FOURS: Count = {
  grid: { beats: beatNumbers.map((_, beat) => 1 + beat / 2), beatNumbers }, beatQuarters: 1, metre: "4/4", marks: [],
};
const at = (beat: number) => 1 + beat / 2;
const mark = (beat: number): BarMark => ({ at_seconds: at(beat), time_signature: "2/4" });

test("the first line goes later, and what is before it is a pickup", () => {
  expect(firstLineMoved(FOURS, 1, 0)).toEqual({ shift_beats: 1, bars: [] });
  expect(firstLineMoved(FOURS, 1, -3)).toEqual({ shift_beats: -2, bars: [] });
});

test("the first line goes no earlier than the song", () => {
  expect(firstLineMoved(FOURS, -1, 0)).toBeNull();
  const pickup = { ...FOURS, grid: { ...FOURS.grid, beatNumbers: beatNumbers.map((_, i) => ((i + 3) % 4) + 1) } };
  expect(firstLineMoved(pickup, -1, 1)).toEqual({ shift_beats: 0, bars: [] });
});

test("lines that were set by hand go along", () => {
  expect(allLinesMoved({ ...FOURS, marks: [mark(8), mark(12)] }, 2, 0).bars).toEqual([mark(10), mark(14)]);
});

test("eighths that marks made of quarters are moved by in quarters", () => {
  const eighths = { ...FOURS, beatQuarters: 0.5, marks: [mark(8)] };
  expect(firstLineMoved(eighths, 1, 0)).toEqual({ shift_beats: 1, bars: [mark(10)] });
  expect(firstLineMoved({ ...eighths, marks: [] }, 1, 0)).toEqual({ shift_beats: 1, bars: [] });
});
