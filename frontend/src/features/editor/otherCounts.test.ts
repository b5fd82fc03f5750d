import { expect, test } from "vitest";
import { jobResult } from "@/testing/service";
import { countOffers } from "./otherCounts";

const RESULT = { bpm: 120, time_signature: "4/4", beats: [0, 0.5, 1, 1.5, 2], beat_numbers: [1, 2, 3, 4, 1] };
const other = (said: object) => ({
  time_signature: "4/4", bpm: 120, tempo_ratio: 1, bar_one_at_seconds: 0, chance: 0.2, ...said,
});
const words = (...alternatives: object[]) =>
  countOffers(jobResult({ ...RESULT, alternatives: alternatives.map(other) })).map((offer) => offer.words);

test.each([
  [{ time_signature: "6/8" }, "in 6/8"],
  [{ bpm: 60 }, "half as fast"],
  [{ bpm: 241 }, "twice as fast"],
  [{ bpm: 180, time_signature: "12/8" }, "in 12/8, at 180 BPM"],
  [{ bar_one_at_seconds: 1.02 }, "bar lines 2 beats later"],
  [{ bar_one_at_seconds: 0.5 }, "bar lines a beat later"],
  [{ bar_one_at_seconds: 0.74 }, "bar lines 1½ beats later"],
  [{ bar_one_at_seconds: 0.25 }, "bar lines half a beat later"],
])("countOffers_%j_is_called_%s", (alternative, expected) => {
  expect(words(alternative)).toEqual([expected]);
});

test.each([
  [{ time_signature: "12/8", bpm: 180, bar_one_at_seconds: 0.5 }, "bar lines a beat later", { bpm: 180 }],
  [{ time_signature: "12/8", bpm: 90 }, "half as fast", { bpm: 90 }],
  [{ time_signature: "4/4" }, "in 4/4", {}],
])("countOffers_%j_beside_a_page_that_writes_4/4_in_12/8_is_called_%s", (alternative, expected, change) => {
  const page = jobResult({ ...RESULT, written_time_signature: "12/8", alternatives: [other(alternative)] });
  expect(countOffers(page)).toMatchObject([{ words: expected, change }]);
});

test("countOffers_leaves_out_what_is_no_other_count_and_what_was_offered_before", () => {
  expect(words({ bar_one_at_seconds: 2 }, { bpm: 60 }, { bpm: 61 })).toEqual(["half as fast"]);
});

test("countOffers_other_tempo_is_said_and_the_pages_own_is_not", () => {
  const [slow] = countOffers(jobResult({ ...RESULT, alternatives: [other({ bpm: 60 })] }));
  expect(slow?.change.bpm).toBe(60);
});

test("countOffers_says_everything_that_brings_the_count_about", () => {
  const [offer] = countOffers(jobResult({ ...RESULT, alternatives: [other({ time_signature: "3/4", bar_one_at_seconds: 1 })] }));
  expect(offer?.change).toEqual({
    time_signature: "3/4", bar_one_at_seconds: 1, tempo_factor: null, shift_beats: null,
  });
});
