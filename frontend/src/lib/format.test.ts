import { expect, test } from "vitest";
import { clockTime, fileSize, longAgo, readClock, remainingTime } from "./format";

test.each([
  [0, "0:00"],
  [59.6, "1:00"],
  [185, "3:05"],
  [3725, "62:05"],
])("clockTime_%s_seconds_is_%s", (seconds, text) => {
  expect(clockTime(seconds)).toBe(text);
});

test.each([
  [999, "999 B"],
  [1_535_679, "1.5 MB"],
  [50_000_000, "50 MB"],
])("fileSize_%s_is_%s", (bytes, text) => {
  expect(fileSize(bytes)).toBe(text);
});

test.each([
  [3, "a few seconds left"],
  [21, "about 30 seconds left"],
  [60, "about a minute left"],
  [200, "about 3 minutes left"],
])("remainingTime_%s_seconds_is_%s", (seconds, text) => {
  expect(remainingTime(seconds)).toBe(text);
});

test("longAgo_yesterday_names_the_day", () => {
  const now = new Date("2026-05-02T12:00:00Z");
  expect(longAgo("2026-05-02T11:59:30Z", now)).toBe("just now");
  expect(longAgo("2026-05-02T10:00:00Z", now)).toBe("2 hours ago");
  expect(longAgo("2026-04-29T10:00:00Z", now)).toBe("April 29");
});

test.each([
  ["3:05", 185],
  ["1:02:03", 3723],
  [" 90 ", 90],
  ["1:30,5", 90.5],
])("readClock_%s_is_%s_seconds", (text, seconds) => {
  expect(readClock(text)).toBe(seconds);
});

test.each(["", "soon", "1:", "1:2:3:4", "-3"])("readClock_%s_is_no_moment", (text) => {
  expect(readClock(text)).toBeNull();
});
