import { expect, test } from "vitest";
import { beatUnit } from "./metre";

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
