import { act, renderHook } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { useDroppedFile } from "./useDroppedFile";

/** As a browser sends it; jsdom knows no DataTransfer. */
function drag(kind: string, files: File[]): Event {
  const event = new Event(kind, { bubbles: true, cancelable: true });
  return Object.assign(event, { dataTransfer: { types: ["Files"], files, dropEffect: "none" } });
}

test("file_dropped_anywhere_is_taken_before_others_let_it_fall", () => {
  const refused = vi.fn((event: Event) => event.defaultPrevented);
  addEventListener("drop", refused);
  const take = vi.fn();
  const { result } = renderHook(() => useDroppedFile(take));
  const file = new File(["<score-partwise/>"], "chart.musicxml");
  act(() => void document.body.dispatchEvent(drag("dragover", [])));
  expect(result.current).toBe(true);
  act(() => void document.body.dispatchEvent(drag("drop", [file])));
  expect(result.current).toBe(false);
  expect(take).toHaveBeenCalledWith([file]);
  expect(refused).toHaveReturnedWith(true);
  removeEventListener("drop", refused);
});

test("file_dropped_while_one_is_read_falls_to_the_ground", () => {
  const { result } = renderHook(() => useDroppedFile(null));
  const drop = drag("drop", [new File([""], "other.musicxml")]);
  act(() => void document.body.dispatchEvent(drag("dragover", [])));
  expect(result.current).toBe(false);
  act(() => void document.body.dispatchEvent(drop));
  expect(drop.defaultPrevented).toBe(true);
});
