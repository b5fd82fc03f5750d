import { createEvent, fireEvent, render, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { useLongPress, type Point } from "./useLongPress";

const ask = vi.fn((at: Point) => at.clientX >= 0);

function Surface() {
  const press = useLongPress(ask);
  return <div data-testid="surface" {...press} onPointerUp={() => void press.onPointerUp()} />;
}

function surface() {
  ask.mockClear();
  render(<Surface />);
  return screen.getByTestId("surface");
}

const FINGER = { pointerType: "touch", isPrimary: true, clientX: 50, clientY: 50 };

/** What the browser says of a finger that has lain still for half a second; whether it was taken from it. */
function longPress(element: HTMLElement, at: object = FINGER): boolean {
  const event = createEvent.contextMenu(element, at);
  fireEvent(element, event);
  return event.defaultPrevented;
}

test("finger_whose_first_move_comes_after_half_a_second_drags", () => {
  const element = surface();
  fireEvent.pointerDown(element, FINGER);
  expect(longPress(element)).toBe(true);
  fireEvent.pointerMove(element, { ...FINGER, clientX: 80 });
  fireEvent.pointerMove(element, FINGER);
  fireEvent.pointerUp(element, FINGER);
  expect(ask).not.toHaveBeenCalled();
});

test("finger_that_lies_still_asks_where_it_is_lifted", () => {
  const element = surface();
  fireEvent.pointerDown(element, FINGER);
  longPress(element);
  expect(ask).not.toHaveBeenCalled();
  fireEvent.pointerMove(element, { ...FINGER, clientX: 53 });
  fireEvent.pointerUp(element, { ...FINGER, clientX: 53 });
  expect(ask).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ clientX: 50, clientY: 50 }));
});

test("finger_that_moves_and_rests_then_asks_for_nothing", () => {
  const element = surface();
  fireEvent.pointerDown(element, FINGER);
  fireEvent.pointerMove(element, { ...FINGER, clientY: 80 });
  longPress(element);
  fireEvent.pointerUp(element, FINGER);
  expect(ask).not.toHaveBeenCalled();
});

test("finger_that_the_browser_scrolls_with_asks_for_nothing", () => {
  const element = surface();
  fireEvent.pointerDown(element, FINGER);
  longPress(element);
  fireEvent.pointerCancel(element, FINGER);
  expect(ask).not.toHaveBeenCalled();
});

test("other_button_of_the_mouse_and_the_menu_key_ask_at_once", () => {
  const element = surface();
  fireEvent.pointerDown(element, { pointerType: "mouse", isPrimary: true, button: 2 });
  expect(longPress(element, { clientX: 7, clientY: 8 })).toBe(true);
  expect(ask).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ clientX: 7, clientY: 8 }));
});

test("browser_keeps_its_menu_where_there_is_nothing_to_ask_for", () => {
  expect(longPress(surface(), { clientX: -1 })).toBe(false);
});
