import { expect, test } from "vitest";
import { barAt, barInserted, barsOf, barTakenOut, inMetre, lineMoved, metreOf, possibleMetres, strokesOf, type Count } from "./bars";
import { inItsMetres, type BeatGrid } from "./beatGrid";

/** Half a second a beat, from the first at 1 s. */
const gridOf = (...bars: number[]): BeatGrid => {
  const beatNumbers = bars.flatMap((beats) => Array.from({ length: beats }, (_, i) => i + 1));
  return { beats: beatNumbers.map((_, beat) => 1 + beat / 2), beatNumbers };
};
const at = (beat: number) => 1 + beat / 2;
const mark = (beat: number, metre: string | null) => ({ at_seconds: at(beat), time_signature: metre });
const FOURS: Count = { grid: gridOf(4, 4, 4, 4, 4, 1), beatQuarters: 1, metre: "4/4", marks: [] };

test("one short bar: the others stay as long as they were, and begin earlier", () => {
  expect(inMetre(FOURS, 1, "2/4", "bar")).toEqual([mark(4, "2/4"), mark(6, "4/4")]);
  expect(inMetre(FOURS, 2, "7/8", "bar")).toEqual([mark(8, "7/8"), mark(11.5, "4/4")]);
});

test("a metre from here goes on to the next line that was set", () => {
  const marks = [mark(4, "2/4"), mark(6, "4/4")];
  const count = { ...FOURS, grid: gridOf(4, 2, 4, 4, 4, 3), marks };
  expect(inMetre(count, 0, "3/4", "on")).toEqual([mark(0, "3/4"), ...marks]);
  expect(inMetre(count, 1, "3/4", "on")).toEqual([mark(4, "3/4"), mark(6, "4/4")]);
});

test("bars of other lengths among those that follow move along", () => {
  const count = { ...FOURS, grid: gridOf(4, 4, 4, 3, 4, 4) };
  expect(inMetre(count, 1, "2/4", "bar")).toEqual([mark(4, "2/4"), mark(6, "4/4"), mark(10, "3/4"), mark(13, "4/4")]);
});

test("a line is moved with all after it, or alone", () => {
  expect(lineMoved(FOURS, 2, 1, "on")).toEqual([mark(4, "5/4"), mark(9, "4/4")]);
  expect(lineMoved(FOURS, 2, -1, "bar")).toEqual([mark(4, "3/4"), mark(7, "5/4"), mark(12, null)]);
  expect(lineMoved(FOURS, 2, 0.5, "bar")).toEqual([mark(4, "9/8"), mark(8.5, "7/8"), mark(12, null)]);
  expect(lineMoved(FOURS, 0, 1, "on")).toBeNull();
  expect(lineMoved(FOURS, 2, 4, "bar")).toBeNull();
  expect(lineMoved(FOURS, 2, -4, "on")).toBeNull();
});

test("a bar is put in and taken out again", () => {
  const put = barInserted(FOURS, 1, "2/4");
  expect(put).toEqual([mark(4, "2/4"), mark(6, "4/4")]);
  const count = { ...FOURS, grid: gridOf(4, 2, 4, 4, 4, 3), marks: put ?? [] };
  expect(barTakenOut(count, 1)).toEqual([mark(4, "4/4")]);
  expect(barTakenOut(FOURS, 5)).toBeNull();
});

test("what was set before and after a change of two bars stays", () => {
  const marks = [mark(0, "3/4"), mark(3, "4/4"), mark(15, "2/4")];
  const count = { ...FOURS, grid: gridOf(3, 4, 4, 4, 2, 2, 2), marks };
  expect(lineMoved(count, 2, 1, "bar")).toEqual([
    mark(0, "3/4"), mark(3, "5/4"), mark(8, "3/4"), mark(11, "4/4"), mark(15, "2/4"),
  ]);
});

test("the last bar can be in another metre, and the song goes on as it was", () => {
  const count = { ...FOURS, grid: gridOf(4, 4, 4) };
  expect(inMetre(count, 2, "2/4", "bar")).toEqual([mark(8, "2/4"), mark(10, "4/4")]);
});

test("metres are those that the service would write", () => {
  const inFours = (beats: number) => metreOf({ beats }, FOURS);
  expect([2, 3.5, 4, 4.5].map(inFours)).toEqual(["2/4", "7/8", "4/4", "9/8"]);
  const eighths = { ...FOURS, beatQuarters: 0.5 };
  expect([8, 7, 6].map((beats) => metreOf({ beats }, eighths))).toEqual(["4/4", "7/8", "3/4"]);
  const dotted = { ...FOURS, beatQuarters: 1.5, metre: "6/8" };
  expect([2, 3].map((beats) => metreOf({ beats }, dotted))).toEqual(["6/8", "9/8"]);
  const all = ["2/4", "3/4", "6/8", "7/8", "7/16", "9/8"];
  expect(possibleMetres(FOURS, all)).toEqual(["2/4", "3/4", "6/8", "7/8", "9/8"]);
  expect(possibleMetres(dotted, all)).toEqual(["3/4", "6/8", "9/8"]);
});

test("6/8 and 3/4 are told apart, and stay what they are when another bar changes", () => {
  expect(inMetre(FOURS, 1, "6/8", "bar")).toEqual([mark(4, "6/8"), mark(7, "4/4")]);
  const grid = { ...gridOf(4, 3, 3, 4, 4), barMetres: [null, "6/8", null, null, null] };
  const count = { ...FOURS, grid, marks: [mark(4, "6/8"), mark(7, "3/4"), mark(10, "4/4")] };
  expect(barsOf(grid).map((bar) => metreOf(bar, count))).toEqual(["4/4", "6/8", "3/4", "4/4", "4/4"]);
  expect(inMetre(count, 1, "3/4", "bar")).toEqual([mark(4, "3/4"), mark(10, "4/4")]);
  expect(inMetre(count, 0, "2/4", "bar")).toEqual([mark(0, "2/4"), mark(2, "6/8"), mark(5, "3/4"), mark(8, "4/4")]);
  expect(barInserted(count, 3, "6/8")).toEqual([...count.marks.slice(0, 2), mark(10, "6/8"), mark(13, "4/4")]);
  // A bar that is longer or shorter now is another one.
  expect(lineMoved(count, 2, 1, "bar")).toEqual([mark(4, "4/4"), mark(8, "2/4"), mark(10, "4/4")]);
});

test("a bar is clicked in its own metre", () => {
  const grid = { ...gridOf(2, 3, 3, 1), barMetres: [null, "6/8", null, null] };
  expect(inItsMetres(grid).beatNumbers).toEqual([1, 2, 1, 2, 1, 2, 3, 1]);
  expect(inItsMetres(grid).beats).toEqual([0, 1, 2, 3.5, 5, 6, 7, 8].map(at));
  expect(inItsMetres(FOURS.grid)).toBe(FOURS.grid);
});

test("a stroke a little early belongs to the bar that it begins", () => {
  const bars = barsOf(FOURS.grid);
  const hits = [3.9, 3.97, 4, 7.93].map((beat, id) => ({
    id, time: at(beat), instrument: "kick" as const, velocity: 0.8, confidence: 1, articulation: null,
  }));
  expect(strokesOf(hits, FOURS.grid, bars[1]!).map(({ id }) => id)).toEqual([1, 2, 3]);
  expect([barAt(bars, 3.97), barAt(bars, -1)]).toEqual([1, -1]);
});
