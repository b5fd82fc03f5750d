import { expect, test } from "vitest";
import { withWords, wordsAt } from "./placedWords";

const BARS = [0.02, 2.04, 4.01].map((start_seconds) => ({ start_seconds }));

test("words_are_found_at_the_bar_that_begins_nearest", () => {
  const said = "A=Verse, 2.3=Chorus = loud, 40=End";
  expect([0, 1, 2].map((bar) => wordsAt("section_names", said, BARS, bar))).toEqual(["", "Chorus = loud", "End"]);
});

test("words_at_a_bar_take_the_place_of_those_that_stood_there_and_of_nothing_else", () => {
  const said = withWords("section_names", "A=Verse, 1.9=Old", BARS, 1, "Chorus");
  expect(said).toBe("A=Verse, 2.04=Chorus");
  expect(withWords("section_names", said, BARS, 1, " ")).toBe("A=Verse");
  expect(withWords("bar_texts", "2.04=Stop", BARS, 1, "")).toBeNull();
});

test("signs_that_part_the_entries_are_left_out", () => {
  expect(withWords("section_names", null, BARS, 0, "Loud, fast")).toBe("0.02=Loud fast");
  expect(withWords("bar_texts", null, BARS, 0, "Loud, then; soft")).toBe("0.02=Loud, then soft");
});

test("bar_before_the_recording_is_named_at_its_start", () => {
  expect(withWords("bar_texts", null, [{ start_seconds: -0.4 }], 0, "Go")).toBe("0=Go");
});
