import { act, fireEvent, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { renderView } from "@/testing/render";
import type { Taps } from "@/music/tapping";
import "@/words/music";
import { TapTempo } from "./TapTempo";

let now = 0;
/** Events are as late as they are read: nothing waits here. */
beforeEach(() => {
  now = 10_000;
  vi.spyOn(performance, "now").mockImplementation(() => now);
});
afterEach(() => vi.restoreAllMocks());

const wait = (milliseconds: number) => (now += milliseconds);
function press(how: "key" | "button") {
  const event =
    how === "key"
      ? new KeyboardEvent("keydown", { key: "t", bubbles: true })
      : new MouseEvent("pointerdown", { button: 0, bubbles: true });
  Object.defineProperty(event, "timeStamp", { value: now });
  const target = how === "key" ? document.body : screen.getByRole("button", { name: "Tap" });
  act(() => void target.dispatchEvent(event));
}

test("four_taps_by_key_and_button_say_the_tempo_and_what_it_can_be_used_for", () => {
  renderView(<TapTempo heardAt={() => null} offer={(bpm) => <button>Use {Math.round(bpm)}</button>} />);
  expect(screen.getByRole("status")).toHaveTextContent("Tap the beats along");
  press("key");
  expect(screen.getByRole("status")).toHaveTextContent("3 more taps");
  for (const how of ["button", "key", "button"] as const) {
    wait(500);
    press(how);
  }
  expect(screen.getByRole("status")).toHaveTextContent("120 beats a minute");
  expect(screen.getByRole("button", { name: "Use 120" })).toBeVisible();
  wait(4000);
  press("key");
  expect(screen.getByRole("status")).toHaveTextContent("3 more taps");
  expect(screen.queryByRole("button", { name: "Use 120" })).toBeNull();
});

test("taps_while_it_plays_are_places_in_the_recording", () => {
  const offered: Taps[] = [];
  // At half the speed: the beats of the recording are twice as fast as the taps.
  const heardAt = () => 42 + (now - 10_000) / 2000;
  renderView(
    <TapTempo
      heardAt={heardAt}
      offer={(bpm, taps) => {
        offered.push(taps);
        return `${Math.round(bpm)}`;
      }}
    />,
  );
  for (let i = 0; i < 4; i += 1) {
    press("key");
    wait(1000);
  }
  expect(screen.getByText("120")).toBeVisible();
  expect(offered.at(-1)).toEqual({ clock: "recording", at: [42, 42.5, 43, 43.5] });
});

test("key_is_no_tap_where_somebody_types", () => {
  renderView(
    <>
      <input aria-label="Title" />
      <TapTempo heardAt={() => null} offer={() => null} />
    </>,
  );
  fireEvent.keyDown(screen.getByLabelText("Title"), { key: "t" });
  fireEvent.keyDown(document.body, { key: "t", ctrlKey: true });
  expect(screen.getByRole("status")).toHaveTextContent("Tap the beats along");
});
