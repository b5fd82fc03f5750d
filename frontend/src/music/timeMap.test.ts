import { describe, expect, it } from "vitest";
import { ScoreClock, type TimeMap } from "./timeMap";

const measure = (number: number, start: number, svg_id = `bar-${number}`) => ({
  number,
  start_seconds: start,
  end_seconds: start + 2,
  beats: [start, start + 0.5, start + 1, start + 1.5],
  time_signature: "4/4",
  svg_id,
});
const note = (hit: number, seconds: number) => ({
  id: `hit-${hit}`,
  hit,
  time_seconds: seconds + 0.004,
  page_seconds: seconds,
  measure: 1,
  position: "0",
  instrument: "kick",
  is_grace: false,
});
const MAP: TimeMap = {
  schema_version: 1,
  duration_seconds: 9,
  measures: [measure(1, 1), measure(2, 3, "bar-2"), measure(3, 5, "bar-2"), measure(4, 7)],
  notes: [note(0, 1), note(1, 1), note(2, 1.5), note(3, 7)],
  merged: [{ hit: 4, time_seconds: 1.52, id: "hit-2" }],
};

describe("ScoreClock", () => {
  const clock = new ScoreClock(MAP);

  it("finds the bar that sounds", () => {
    expect([0.5, 1, 2.99, 3, 8.9].map((seconds) => clock.measureAt(seconds))).toEqual([
      -1, 0, 0, 1, 3,
    ]);
  });

  it("finds the notes that were struck last, together", () => {
    expect(clock.notesAt(0.9)).toEqual([]);
    expect(clock.notesAt(1.2).map((one) => one.hit)).toEqual([0, 1]);
    expect(clock.notesAt(6).map((one) => one.hit)).toEqual([2]);
  });

  it("finds the head of a hit that shares one", () => {
    expect([3, 4, 5].map((hit) => clock.elementOf(hit))).toEqual(["hit-3", "hit-2", undefined]);
  });

  it("crosses a sign for several bars in the time of all of them", () => {
    expect(clock.shareOfBar(1, 3)).toBe(0);
    expect(clock.shareOfBar(1, 4)).toBeCloseTo(0.25);
    expect(clock.shareOfBar(2, 6)).toBeCloseTo(0.75);
    expect(clock.shareOfBar(3, 8)).toBeCloseTo(0.5);
  });
});
