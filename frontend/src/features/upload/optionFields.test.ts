import { expect, test } from "vitest";
import { NO_OPTIONS, optionErrors, saidOptions } from "./optionFields";

test("saidOptions_untouched_says_nothing", () => {
  expect(saidOptions(NO_OPTIONS)).toEqual({});
});

test("saidOptions_filled_in_says_it_in_the_contract's_words", () => {
  const fields = {
    title: " Rosanna ",
    bpm: "86,5",
    timeSignature: "12/8",
    separation: "always" as const,
    sensitivity: 0.7,
    form: "chart" as const,
    start: "0:30",
    end: "2:00",
  };
  expect(optionErrors(fields)).toEqual({});
  expect(saidOptions(fields)).toEqual({
    title: "Rosanna",
    bpm: 86.5,
    time_signature: "12/8",
    separation: "always",
    sensitivity: 0.7,
    form: "chart",
    start_seconds: 30,
    end_seconds: 120,
  });
});

test.each(["fast", "39", "301"])("optionErrors_tempo_%s_is_refused", (bpm) => {
  expect(optionErrors({ ...NO_OPTIONS, bpm }).bpm).toContain("40 to 300");
});

test.each(["4", "4/3", "0/4", "four"])("optionErrors_metre_%s_is_refused", (timeSignature) => {
  expect(optionErrors({ ...NO_OPTIONS, timeSignature }).timeSignature).toContain("7/8");
});

test.each([
  [{ start: "soon" }, "start"],
  [{ end: "1:" }, "end"],
  [{ start: "2:00", end: "1:00" }, "end"],
] as const)("optionErrors_part_%o_is_refused_at_%s", (part, name) => {
  expect(optionErrors({ ...NO_OPTIONS, ...part })).toHaveProperty(name);
});
