import { expect, test } from "vitest";
import { sortedDownloads } from "./downloads";
import { download } from "@/testing/service";
import { writtenSlots } from "./StaffProgress";
import { readEvent } from "./useJobEvents";

test.each([
  [0, 0],
  [5, 4],
  [10, 8],
  [35, 12],
  [60, 16],
  [99, 31],
  [100, 32],
])("writtenSlots_at_%s_percent_is_%s_eighths", (progress, eighths) => {
  expect(writtenSlots(progress)).toBe(eighths);
});

test("readEvent_keeps_only_what_it_says_about_the_job", () => {
  const data = JSON.stringify({ status: "predicting", progress: 61, eta_seconds: null, stage: "x" });
  expect(readEvent(data)).toEqual({ status: "predicting", progress: 61, eta_seconds: null });
});

test.each(["", "null", "[", "3"])("readEvent_unreadable_%s_is_nothing", (data) => {
  expect(readEvent(data)).toBeNull();
});

test("sortedDownloads_leads_with_what_most_came_for_and_offers_all_others", () => {
  const { leading, more } = sortedDownloads(
    ["braille", "drums", "backing", "midi", "svg", "musicxml", "pdf"].map(download),
  );
  expect(leading.map(({ name }) => name)).toEqual(["PDF", "MusicXML", "MIDI, straight", "Without drums"]);
  expect(more.map(({ title, files }) => [title, files.map(({ name }) => name)])).toEqual([
    ["For the stand", ["SVG"]],
    ["To play along", ["Drums alone"]],
    ["To compute with", ["braille"]],
  ]);
});
