import { expect, test } from "vitest";
import { momentAt, shareOf, viewAround } from "./waveView";

test("the whole song is seen until it is zoomed in", () => {
  expect(viewAround(70, 80, 1, null)).toEqual({ from: 0, until: 80 });
});

test("zoomed in, the place that is played is seen, with a little of what came before", () => {
  expect(viewAround(40, 80, 4, null)).toEqual({ from: 37, until: 57 });
  expect(viewAround(0, 80, 4, null)).toEqual({ from: 0, until: 20 });
  expect(viewAround(80, 80, 4, null)).toEqual({ from: 60, until: 80 });
});

test("what is seen stands still until the place leaves it", () => {
  const before = viewAround(40, 80, 4, null);
  expect(viewAround(56, 80, 4, before)).toBe(before);
  expect(viewAround(37, 80, 4, before)).toBe(before);
  expect(viewAround(56.9, 80, 4, before).from).toBeCloseTo(53.9);
  expect(viewAround(20, 80, 4, before).from).toBeCloseTo(17);
  const last = viewAround(80, 80, 4, null);
  expect(viewAround(80, 80, 4, last)).toBe(last);
  // A song that turns out longer, or another zoom.
  expect(viewAround(56, 88, 4, before)).toEqual({ from: 52.7, until: 74.7 });
});

test("moments and places on the picture are each other's inverse", () => {
  const view = { from: 37, until: 57 };
  expect(shareOf(view, 42)).toBeCloseTo(0.25);
  expect(momentAt(view, shareOf(view, 51.3))).toBeCloseTo(51.3);
});
