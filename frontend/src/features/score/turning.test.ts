import { expect, test } from "vitest";
import { followTo, linesThatFit, pagesOf, turnBack, turnOn, windowOf } from "./turning";

/** Seven lines of 100, 20 apart. */
const LINES = Array.from({ length: 7 }, (_, index) => ({ top: 50 + index * 120, bottom: 150 + index * 120 }));
/** Room for three of them. */
const HEIGHT = 380;

test("linesThatFit_counts_whole_lines_and_always_one", () => {
  expect(linesThatFit(LINES, 0, HEIGHT)).toBe(3);
  expect(linesThatFit(LINES, 5, HEIGHT)).toBe(2);
  expect(linesThatFit(LINES, 0, 50)).toBe(1);
});

test("windowOf_shows_nothing_of_the_lines_beside_it", () => {
  const { top, height, last } = windowOf(LINES, 2, HEIGHT);
  expect(last).toBe(4);
  expect(top).toBeLessThan(LINES[2]!.top);
  expect(top).toBeGreaterThanOrEqual(LINES[1]!.bottom);
  expect(top + height).toBeGreaterThan(LINES[4]!.bottom);
  expect(top + height).toBeLessThanOrEqual(LINES[5]!.top);
  expect(height).toBeLessThanOrEqual(HEIGHT);
});

test("turnOn_whole_and_half_pages_skip_no_line", () => {
  expect(pagesOf(LINES, HEIGHT)).toEqual([0, 3, 6]);
  expect(turnOn(LINES, 0, HEIGHT, "half")).toBe(2);
  expect(turnOn(LINES, 4, HEIGHT, "whole")).toBe(4);
  expect(turnOn(LINES, 6, HEIGHT, "whole")).toBe(6);
});

test.each(["whole", "half"] as const)("turnBack_%s_undoes_a_turn_on", (turn) => {
  const next = turnOn(LINES, 0, HEIGHT, turn);
  expect(turnBack(LINES, next, HEIGHT, turn)).toBe(0);
  expect(turnBack(LINES, 0, HEIGHT, turn)).toBe(0);
  expect(turnBack(LINES, 1, HEIGHT, turn)).toBe(0);
});

test.each(["whole", "half"] as const)("turnBack_%s_from_the_last_page_goes_a_page_back", (turn) => {
  // Five lines fit: the last page would fit into the one before it.
  const firsts = [0];
  while (turnOn(LINES, firsts.at(-1)!, 620, turn) !== firsts.at(-1)) firsts.push(turnOn(LINES, firsts.at(-1)!, 620, turn));
  for (let index = firsts.length - 1; index > 0; index -= 1) {
    expect(turnBack(LINES, firsts[index]!, 620, turn)).toBe(firsts[index - 1]);
  }
});

test("followTo_turns_when_the_sound_leaves_the_page_and_early_by_halves", () => {
  expect(followTo(LINES, 0, HEIGHT, "whole", 2)).toBe(0);
  expect(followTo(LINES, 0, HEIGHT, "whole", 3)).toBe(3);
  expect(followTo(LINES, 0, HEIGHT, "half", 1)).toBe(0);
  expect(followTo(LINES, 0, HEIGHT, "half", 2)).toBe(2);
  expect(followTo(LINES, 3, HEIGHT, "whole", 1)).toBe(1);
});
