import { expect, test } from "vitest";
import { groupedDownloads } from "./downloads";
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

test("groupedDownloads_unknown_format_is_still_offered", () => {
  const groups = groupedDownloads([download("pdf"), download("braille"), download("backing")]);
  expect(groups.map(({ title, files }) => [title, files.map(({ name }) => name)])).toEqual([
    ["For the stand", ["PDF"]],
    ["To play along", ["Without drums"]],
    ["To compute with", ["braille"]],
  ].filter(([, files]) => files!.length > 0));
});
