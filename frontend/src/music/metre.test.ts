import { expect, test } from "vitest";
import { jobResult } from "@/testing/service";
import { beatUnit, isMetre, unitLasting, writtenMetre, writtenTempo } from "./metre";

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

test.each([
  ["4/4", "12/8", 120, "12/8", "dotted quarter", 120],
  ["3/4", "9/8", 90, "9/8", "dotted quarter", 90],
  ["6/8", "6/8", 90, "6/8", "dotted quarter", 60],
  ["4/4", "4/4", 120, "4/4", "quarter", 120],
  ["7/8", null, 120, "7/8", "eighth", 240],
] as const)(
  "a_song_counted_in_%s_and_written_in_%s_at_%s_is_a_%s_of_%s_at_%s",
  (counted, written, bpm, metre, unit, perMinute) => {
    const result = jobResult({ time_signature: counted, written_time_signature: written, bpm });
    expect(writtenMetre(result)).toBe(metre);
    expect(writtenTempo(result)).toEqual({ unit, perMinute });
  },
);
