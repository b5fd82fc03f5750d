import { expect, test } from "vitest";
import { barsOf, lineMoved, type Count } from "./bars";
import { beatsTo, startsAfter, stepsOf } from "./movedLines";

/** Half a second a beat, from the first at 1 s; five bars of four. */
const beatNumbers = Array.from({ length: 20 }, (_, i) => (i % 4) + 1);
const FOURS: Count = {
  grid: { beats: beatNumbers.map((_, beat) => 1 + beat / 2), beatNumbers }, beatQuarters: 1, metre: "4/4", marks: [],
};
const at = (beat: number) => 1 + beat / 2;

test("a line goes to the nearest beat, finely to the nearest half", () => {
  expect(beatsTo(FOURS, 2, at(9.3), false)).toBe(1);
  expect(beatsTo(FOURS, 2, at(8.4), false)).toBe(0);
  expect(beatsTo(FOURS, 2, at(8.4), true)).toBe(0.5);
  expect(beatsTo(FOURS, 2, at(6.6), true)).toBe(-1.5);
});

test("a line stays between its neighbours, and every place it can reach is one that can be said", () => {
  expect(beatsTo(FOURS, 2, at(0), false)).toBe(-3);
  expect(beatsTo(FOURS, 2, at(19), false)).toBe(3);
  // What is left of half a beat would be no bar.
  expect(beatsTo(FOURS, 2, at(0), true)).toBe(-3);
  for (const scope of ["bar", "on"] as const) {
    for (let place = 0; place < 20; place += 0.25) {
      const beats = beatsTo(FOURS, 2, at(place), true);
      expect(lineMoved(FOURS, 2, beats, scope)).not.toBeNull();
    }
  }
});

test("the first line and bars that are not there stay", () => {
  expect(beatsTo(FOURS, 0, at(3), false)).toBe(0);
  expect(beatsTo(FOURS, 9, at(3), false)).toBe(0);
});

test("a grid of eighths that is written in quarters is moved by quarters, one of dotted quarters has no half", () => {
  const eighths = { ...FOURS, beatQuarters: 0.5 };
  expect(stepsOf(eighths)).toEqual({ whole: 2, half: 1 });
  expect(beatsTo(eighths, 2, at(9.2), false)).toBe(2);
  expect(beatsTo(eighths, 2, at(9.2), true)).toBe(1);
  expect(beatsTo(eighths, 2, at(19), false)).toBe(2);
  const dotted = { ...FOURS, beatQuarters: 1.5, metre: "12/8" };
  expect(beatsTo(dotted, 2, at(8.6), true)).toBe(1);
});

test("a line is shown where it will be, with all after it or alone", () => {
  const bars = barsOf(FOURS.grid);
  expect(startsAfter(bars, null)).toEqual([0, 4, 8, 12, 16]);
  expect(startsAfter(bars, { bar: 2, beats: 1, scope: "on" })).toEqual([0, 4, 9, 13, 17]);
  expect(startsAfter(bars, { bar: 2, beats: -0.5, scope: "bar" })).toEqual([0, 4, 7.5, 12, 16]);
});
