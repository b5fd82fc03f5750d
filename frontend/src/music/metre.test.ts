import { expect, test } from "vitest";
import { beatUnit, isMetre, unitLasting } from "./metre";

test.each([
  ["4/4", "quarter"],
  ["3/4", "quarter"],
  ["2/2", "half"],
  ["6/8", "dotted quarter"],
  ["12/8", "dotted quarter"],
  ["7/8", "eighth"],
  ["3/8", "eighth"],
] as const)("beatUnit_of_%s_is_the_%s", (metre, unit) => {
  expect(beatUnit(metre)).toBe(unit);
});

test.each(["1/4", "3/16", "4/4", "7/8", "32/16"])("isMetre_%s_is_taken", (metre) => {
  expect(isMetre(metre)).toBe(true);
});

test.each(["4", "4/3", "0/4", "33/4", "2/16", "4/32", "four", "4/4/4"])("isMetre_%s_is_refused", (metre) => {
  expect(isMetre(metre)).toBe(false);
});

test.each([
  [1, "quarter"],
  [1.5, "dotted quarter"],
  [0.5, "eighth"],
  [2, "half"],
] as const)("what_lasts_%s_quarters_is_a_%s", (quarters, unit) => {
  expect(unitLasting(quarters)).toBe(unit);
});
