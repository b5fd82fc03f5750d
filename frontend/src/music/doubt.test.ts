import { expect, test } from "vitest";
import { doubtfulBars } from "./doubt";
import type { TimedMeasure } from "./timeMap";

const bar = (number: number, start: number, svg_id = `bar-${number}`): TimedMeasure => ({
  number, start_seconds: start, end_seconds: start + 2, beats: [], time_signature: "4/4", svg_id,
});
const bars = [bar(1, 0.5), bar(2, 2.5), bar(3, 4.5)];

test("a bar is doubtful where its bar line is", () => {
  expect([...doubtfulBars(bars, [0.5, 2.4999, 4.5], [0.9, 0.4, 0.5])]).toEqual(["bar-2"]);
});

test("no bar is doubtful where nobody asked", () => {
  expect(doubtfulBars(bars, [0.5, 2.5, 4.5], []).size).toBe(0);
});

test("bars of rest under one sign are marked as one", () => {
  const rests = [bar(1, 0.5, "rest-1"), bar(2, 2.5, "rest-1")];
  expect([...doubtfulBars(rests, [0.5, 2.5], [0.2, 0.2])]).toEqual(["rest-1"]);
});
