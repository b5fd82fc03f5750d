import { expect, test } from "vitest";
import type { Hit, Instrument } from "@/api/client";
import { barsInWords } from "./barWords";
import type { TimedNote } from "./timeMap";

const bar = (number: number, time_signature = "4/4") => ({
  number, time_signature, start_seconds: 0, end_seconds: 2, beats: [], svg_id: `bar-${number}`,
});
const note = (position: string, instrument: string, said: Partial<TimedNote> = {}): TimedNote => ({
  id: "hit-0", hit: 0, time_seconds: 0, page_seconds: 0, measure: 1, position, instrument, is_grace: false, ...said,
});
const words = (time_signature: string, ...notes: TimedNote[]) =>
  barsInWords({ schema_version: 1, duration_seconds: 2, measures: [bar(1, time_signature)], notes, merged: [] })[0]?.words;

test("barsInWords_names_beats_and_drums_from_the_foot_up", () => {
  expect(words("4/4", note("0", "hihat_closed"), note("0", "kick"), note("1/2", "hihat_closed"), note("3", "snare"))).toBe(
    "beat 1: kick, hi-hat; beat 1 and: hi-hat; beat 4: snare",
  );
});

test("barsInWords_names_the_hand_or_foot_where_it_was_said", () => {
  const hit = (id: number, instrument: Instrument, sticking: Hit["sticking"]): Hit => ({
    id, time: 0, instrument, velocity: 0.8, confidence: 1, articulation: null, sticking: sticking ?? null,
  });
  const map = {
    schema_version: 1, duration_seconds: 2, measures: [bar(1)], merged: [],
    notes: [
      note("0", "kick", { hit: 1 }), note("0", "snare", { hit: 2 }), note("1", "snare", { hit: 3 }), note("2", "hihat_closed", { hit: 4 }),
    ],
  };
  const hits = [hit(1, "kick", "right"), hit(2, "snare", "left"), hit(3, "snare", "both"), hit(4, "hihat_closed", null)];
  expect(barsInWords(map, hits)[0]?.words).toBe(
    "beat 1: kick right foot, snare left hand; beat 2: snare both hands; beat 3: hi-hat",
  );
});

test.each([
  ["4/4", "1/4", "beat 1 e"],
  ["4/4", "7/4", "beat 2 a"],
  ["4/4", "4/3", "beat 2 second triplet"],
  ["4/4", "1/6", "beat 1 and 4 of 24"],
  ["6/8", "3/2", "beat 2"],
  ["6/8", "1/2", "beat 1 second triplet"],
  ["7/8", "5/2", "beat 6"],
  ["2/2", "2", "beat 2"],
])("barsInWords_in_%s_%s_quarters_is_%s", (metre, position, expected) => {
  expect(words(metre, note(position, "snare"))).toBe(`${expected}: snare`);
});

test("barsInWords_says_nothing_of_grace_notes_and_rest_of_empty_bars", () => {
  expect(words("4/4", note("0", "snare", { is_grace: true }))).toBe("rest");
});
