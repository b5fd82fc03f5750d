import { useEffect, useRef } from "react";

/** Keys of the whole page and what each does; named as `KeyboardEvent.id` names them. */
export type PageKeys = Readonly<Record<string, () => void>>;

/** What a key press means to the page; null where a field, a dialog or the browser has a use for it. */
export function meaningOf(event: KeyboardEvent, keys: PageKeys): (() => void) | null {
  if (event.ctrlKey || event.metaKey || event.defaultPrevented) return null;
  // Brackets need the Alt key on many a keyboard of a Mac.
  if (event.altKey && !"[]".includes(event.key)) return null;
  const target = event.target instanceof Element ? event.target : null;
  const isBusy = target?.closest("input:not([type=range]), select, textarea, dialog") != null;
  const presses = event.key === " " && target?.closest("button, a, summary") != null;
  return isBusy || presses ? null : (keys[event.key] ?? null);
}

/** Listens for the keys of the whole page; fields and buttons keep theirs. */
export function usePageKeys(keys: PageKeys): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const action = meaningOf(event, latest.current);
      if (!action) return;
      event.preventDefault();
      action();
    };
    addEventListener("keydown", onKeyDown);
    return () => removeEventListener("keydown", onKeyDown);
  }, []);
}
