import { afterEach, expect, test, vi } from "vitest";
import { meaningOf, type FocusedBy } from "./usePageKeys";

const play = vi.fn();
const slower = vi.fn();
const KEYS = { " ": play, "[": slower };

function press(
  where: string, init: KeyboardEventInit, focusedBy: FocusedBy = "pointer",
): (() => void) | null {
  document.body.innerHTML = where;
  const target = document.querySelector("[data-here]") ?? document.body;
  let meaning: (() => void) | null = null;
  addEventListener("keydown", (event) => (meaning = meaningOf(event, KEYS, focusedBy)), { once: true });
  target.dispatchEvent(new KeyboardEvent("keydown", { bubbles: true, cancelable: true, ...init }));
  return meaning;
}

afterEach(() => void (document.body.innerHTML = ""));

test("meaningOf_space_on_the_page_plays", () => {
  expect(press("<p data-here>Bar</p>", { key: " " })).toBe(play);
});

test.each(["<input data-here>", "<textarea data-here></textarea>", "<dialog open><p data-here></p></dialog>"])(
  "meaningOf_space_in_%s_is_left_to_it",
  (where) => {
    expect(press(where, { key: " " })).toBeNull();
  },
);

test("meaningOf_space_on_a_button_that_was_clicked_plays", () => {
  expect(press("<button data-here>Loop</button>", { key: " " })).toBe(play);
});

test("meaningOf_space_on_a_button_that_was_walked_to_presses_it", () => {
  expect(press("<button data-here>Loop</button>", { key: " " }, "keyboard")).toBeNull();
});

test("meaningOf_keys_of_the_browser_are_left_to_it", () => {
  expect(press("<p data-here></p>", { key: "[", ctrlKey: true })).toBeNull();
  expect(press("<p data-here></p>", { key: " ", altKey: true })).toBeNull();
  expect(press("<p data-here></p>", { key: "[", altKey: true })).toBe(slower);
});
