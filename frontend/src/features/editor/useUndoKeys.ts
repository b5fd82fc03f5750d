import { useEffect } from "react";
import { isForKeys } from "@/lib/isForKeys";
import type { EditAction } from "./edits";

/** Undo and redo work wherever the focus is, but where somebody types: there they are the browser's. */
export function useUndoKeys(dispatch: ((action: EditAction) => void) | null): void {
  useEffect(() => {
    if (!dispatch) return;
    const onKeyDown = (event: KeyboardEvent) => {
      const key = event.key.toLowerCase();
      const isUndo = (event.ctrlKey || event.metaKey) && !event.altKey && (key === "z" || key === "y");
      if (!isUndo || event.defaultPrevented) return;
      if (isForKeys(event.target)) return;
      event.preventDefault();
      dispatch({ kind: key === "y" || event.shiftKey ? "redo" : "undo" });
    };
    addEventListener("keydown", onKeyDown);
    return () => removeEventListener("keydown", onKeyDown);
  }, [dispatch]);
}
