import { expect, test } from "vitest";
import { jobResult } from "@/testing/service";
import { firstLineLater, linesLater } from "./countChanges";

const beats = [0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5];
const RESULT = { beats, beat_numbers: [1, 2, 3, 4, 1, 2, 3, 4] };

test("lines_go_later_from_where_a_bar_was_said_to_begin", () => {
  expect(linesLater(1, jobResult(RESULT), { bar_one_at_seconds: 1, shift_beats: 1 })).toEqual({ shift_beats: 2 });
});

test("lines_set_by_hand_go_along_with_each_press_before_any_is_answered", () => {
  const settings = { ...jobResult().settings, bars: [{ at_seconds: 2, time_signature: "2/4" }] };
  const result = jobResult({ ...RESULT, settings });
  const once = linesLater(1, result, settings);
  expect(linesLater(1, result, { ...settings, ...once })).toEqual({
    shift_beats: 2, bars: [{ at_seconds: 3, time_signature: "2/4" }],
  });
});

test("lines_set_by_hand_go_along_in_the_time_of_the_song", () => {
  const settings = { ...jobResult().settings, start_seconds: 30, bars: [{ at_seconds: 32, time_signature: "2/4" }] };
  expect(firstLineLater(1, jobResult({ ...RESULT, settings }), {})).toEqual({
    shift_beats: 1, bars: [{ at_seconds: 32.5, time_signature: "2/4" }],
  });
});
