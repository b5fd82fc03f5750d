import { createEvent, fireEvent, render, screen } from "@testing-library/react";
import { beforeEach, expect, test, vi } from "vitest";
import type { PlayerEngine } from "./engine";
import { Waveform } from "./Waveform";

const onMoved = vi.fn();
const onLoop = vi.fn();

beforeEach(() => {
  onMoved.mockClear();
  onLoop.mockClear();
  // jsdom lays nothing out, paints nothing, and gives no pointer to anybody.
  Object.defineProperty(HTMLElement.prototype, "clientWidth", { configurable: true, value: 1000 });
  HTMLElement.prototype.getBoundingClientRect = () => new DOMRect(0, 0, 1000, 76);
  HTMLElement.prototype.setPointerCapture = () => undefined;
  HTMLCanvasElement.prototype.getContext = () => null;
  vi.stubGlobal(
    "ResizeObserver",
    class {
      constructor(private readonly tell: () => void) {}
      observe = () => this.tell();
      disconnect = () => undefined;
    },
  );
  // Ten bars of four, half a second a beat.
  const beatNumbers = Array.from({ length: 40 }, (_, i) => (i % 4) + 1);
  const grid = { beats: beatNumbers.map((_, beat) => beat / 2), beatNumbers };
  render(
    <Waveform
      engine={{ position: () => 0, seek: () => undefined } as unknown as PlayerEngine}
      peaks={null}
      hits={[]}
      loop={null}
      durationSeconds={20}
      zoom={1}
      bars={{
        count: { grid, beatQuarters: 1, metre: "4/4", marks: [] },
        numberOf: (bar) => bar + 1,
        moving: { scope: "bar", onMoved, isWaiting: false },
      }}
      onHandles={() => undefined}
      positionWords={String}
      onLoop={onLoop}
    />,
  );
});

const finger = (clientX: number) => ({ pointerType: "touch", isPrimary: true, pointerId: 1, button: 0, clientX });

/** What the browser says of a finger that has lain still for half a second; whether it was taken from it. */
function longPress(element: HTMLElement): boolean {
  const event = createEvent.contextMenu(element);
  fireEvent(element, event);
  return event.defaultPrevented;
}

test("bar_line_is_dragged_by_a_finger_that_rests_first", () => {
  const handle = screen.getByTestId("bar-line-3");
  fireEvent.pointerDown(handle, finger(200));
  expect(longPress(handle)).toBe(true);
  fireEvent.pointerMove(handle, finger(226));
  fireEvent.pointerUp(handle, finger(226));
  expect(onMoved).toHaveBeenCalledExactlyOnceWith({ bar: 2, beats: 1, scope: "bar" });
  expect(longPress(handle)).toBe(false);
});

test("loop_is_drawn_by_a_finger_that_rests_first", () => {
  const wave = screen.getByRole("slider");
  fireEvent.pointerDown(wave, finger(100));
  expect(longPress(wave)).toBe(true);
  fireEvent.pointerMove(wave, finger(300));
  fireEvent.pointerUp(wave, finger(300));
  expect(onLoop).toHaveBeenCalledExactlyOnceWith({ startSeconds: 2, endSeconds: 6 });
  expect(longPress(wave)).toBe(false);
});
