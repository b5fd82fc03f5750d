import { act, fireEvent, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { renderView } from "@/testing/render";
import { jobResult } from "@/testing/service";
import type { OptionsChange } from "./session";
import { TapSettings } from "./TapSettings";

/** Taps each half second of the recording, from a place in it. */
function tapAlong(said: Partial<Parameters<typeof jobResult>[0]>, isPlaying: boolean) {
  const changes: OptionsChange[] = [];
  let place = 8;
  vi.spyOn(performance, "now").mockImplementation(() => 1000 * place);
  renderView(
    <TapSettings
      result={jobResult(said)}
      position={() => place}
      isPlaying={isPlaying}
      onChange={(change) => changes.push(change)}
    />,
  );
  for (; place < 10.5; place += 0.5) {
    const event = new KeyboardEvent("keydown", { key: "t", bubbles: true });
    Object.defineProperty(event, "timeStamp", { value: 1000 * place });
    act(() => void document.body.dispatchEvent(event));
  }
  vi.restoreAllMocks();
  return changes;
}

test("tempo_that_was_tapped_is_asked_for", () => {
  const changes = tapAlong({}, false);
  expect(screen.queryByRole("button", { name: /a bar begins/ })).toBeNull();
  fireEvent.click(screen.getByRole("button", { name: "Use ♩ = 120" }));
  expect(changes).toEqual([{ bpm: 120, tempo_factor: null }]);
});

test("first_tap_along_with_the_recording_says_where_a_bar_begins_in_the_time_of_the_song", () => {
  const settings = { ...jobResult().settings, start_seconds: 30 };
  const changes = tapAlong({ settings }, true);
  fireEvent.click(screen.getByRole("button", { name: "♩ = 120, and a bar begins at the first tap" }));
  expect(changes).toEqual([{ bpm: 120, tempo_factor: null, bar_one_at_seconds: 38, shift_beats: null }]);
});

test("beats_of_six_eight_are_tapped_in_dotted_quarters", () => {
  tapAlong({ beat_length: 1.5, time_signature: "6/8" }, false);
  expect(screen.getByRole("status")).toHaveTextContent("120 beats a minute");
  expect(screen.getByRole("button", { name: "Use ♩ = 180" })).toBeVisible();
});
