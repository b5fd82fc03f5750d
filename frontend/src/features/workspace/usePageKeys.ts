import { useEffect, useRef } from "react";
import { isForKeys } from "@/lib/isForKeys";

/** Keys of the whole page and what each does; named as `KeyboardEvent.id` names them. */
export type PageKeys = Readonly<Record<string, () => void>>;

/** How the element that has the focus came to have it. */
export type FocusedBy = "pointer" | "keyboard";

/**
 * What a key press means to the page; null where a field, a dialog or the browser has a use for it.
 *
 * Space plays, whatever was clicked last. Only a button that somebody walked to with the Tab key
 * takes it, as those who work without a mouse expect.
 */
export function meaningOf(
  event: KeyboardEvent, keys: PageKeys, focusedBy: FocusedBy,
): (() => void) | null {
  if (event.ctrlKey || event.metaKey || event.defaultPrevented) return null;
  // Brackets need the Alt key on many a keyboard of a Mac.
  if (event.altKey && !"[]".includes(event.key)) return null;
  const target = event.target instanceof Element ? event.target : null;
  const isOnButton = target?.closest("button, a, summary") != null;
  const presses = event.key === " " && isOnButton && focusedBy === "keyboard";
  return isForKeys(target) || presses ? null : (keys[event.key] ?? null);
}

/** Listens for the keys of the whole page; fields and buttons keep theirs. */
export function usePageKeys(keys: PageKeys): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    let focusedBy: FocusedBy = "pointer";
    const onPointerDown = () => (focusedBy = "pointer");
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key === "Tab") focusedBy = "keyboard";
      const action = meaningOf(event, latest.current, focusedBy);
      if (!action) return;
      event.preventDefault();
      action();
    };
    // Some browsers press a button when Space goes up, whatever became of its going down.
    const onKeyUp = (event: KeyboardEvent) => {
      if (event.key === " " && meaningOf(event, latest.current, focusedBy)) event.preventDefault();
    };
    // Before anybody can keep the press for itself.
    addEventListener("pointerdown", onPointerDown, { capture: true });
    addEventListener("keydown", onKeyDown);
    addEventListener("keyup", onKeyUp);
    return () => {
      removeEventListener("pointerdown", onPointerDown, { capture: true });
      removeEventListener("keydown", onKeyDown);
      removeEventListener("keyup", onKeyUp);
    };
  }, []);
}
