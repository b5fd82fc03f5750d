import { expect, test } from "vitest";
import type { Hit, Instrument } from "@/api/client";
import { barsOf } from "@/music/bars";
import type { BeatGrid } from "@/music/beatGrid";
import { plain } from "@/music/strokes";
import { copied, played } from "./barStrokes";
import { begin, edited } from "./edits";

/** Bars of 4, 2, 4 and 4; the tempo changes on the way. */
const NUMBERS = [1, 2, 3, 4, 1, 2, 1, 2, 3, 4, 1, 2, 3, 4];
const GRID: BeatGrid = {
  beats: NUMBERS.map((_, beat) => 1 + beat / 2 + (beat > 6 ? (beat - 6) / 10 : 0)),
  beatNumbers: NUMBERS,
};
const BARS = barsOf(GRID);
const hit = (id: number, time: number, instrument: Instrument): Hit => ({
  id, time, instrument, velocity: 0.5 + id / 100, confidence: 0.4, articulation: id === 1 ? "ghost" : null,
});
/** Bar 1: a kick a little early, a ghost note, a snare on 4; one stroke in each of the others. */
const HITS = [hit(0, 0.98, "kick"), hit(1, 1.75, "snare"), hit(2, 2.5, "snare"), hit(3, 3, "crash"), hit(4, 4.2, "ride"), hit(5, 6.7, "ride")];
const BAR = copied(HITS, GRID, BARS[0]!, 1);

test("a bar that is replaced is played as the copied one, early strokes early, in its own tempo", () => {
  const state = edited(begin(HITS), played(HITS, GRID, [BARS[2]!], BAR, "Replaced"));
  const inside = state.hits.filter(({ time }) => time > 3.9 && time < 6.3);
  expect(inside.map(({ instrument, articulation, velocity }) => [instrument, articulation, velocity])).toEqual([
    ["kick", null, 0.5], ["snare", "ghost", 0.51], ["snare", null, 0.52],
  ]);
  expect(inside[0]!.time).toBeCloseTo(3.98);
  expect(inside[2]!.time).toBeCloseTo(4 + 3 * 0.6);
  // All else is what it was, and one step back everything is.
  expect(state.hits.filter((one) => !inside.includes(one))).toEqual(HITS.filter(({ id }) => id !== 4));
  expect(plain(edited(state, { kind: "undo" }).hits)).toEqual(plain(HITS));
  expect(state.said).toBe("Replaced");
});

test("a shorter bar has the beginning of what is repeated", () => {
  const state = edited(begin(HITS), played(HITS, GRID, BARS.slice(1), BAR, "Repeated"));
  const perBar = BARS.map((bar) => copied(state.hits, GRID, bar, 0).strokes.length);
  expect(perBar).toEqual([3, 2, 3, 3]);
});

test("a bar is cleared and nothing else", () => {
  const state = edited(begin(HITS), played(HITS, GRID, [BARS[0]!], null, "Cleared"));
  expect(state.hits.map(({ id }) => id)).toEqual([3, 4, 5]);
});
