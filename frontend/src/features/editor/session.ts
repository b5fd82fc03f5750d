import type { Hit } from "@/api/client";
import { ApiProblem } from "@/api/problem";
import { begin, edited, type EditAction, type EditHit, type EditState } from "./edits";

export type SaveState =
  | { kind: "saved" }
  | { kind: "saving" }
  | { kind: "offline" }
  | { kind: "conflict" }
  | { kind: "refused"; words: string };

/** Strokes under edit, and how they stand to what the service has. */
export interface Session {
  edit: EditState;
  /** The very strokes that the service has; null while it has others. */
  stored: readonly EditHit[] | null;
  /** Of the service's result, from which these edits were made. */
  version: number;
  save: SaveState;
}

export type SessionEvent =
  | { kind: "edit"; action: EditAction }
  | { kind: "sending" }
  | { kind: "stored"; hits: readonly EditHit[]; version: number }
  | { kind: "loaded"; hits: readonly Hit[]; version: number }
  | { kind: "failed"; error: unknown };

export function openSession(hits: readonly Hit[], version: number, draft: Hit[] | null): Session {
  const edit = begin(draft ?? hits);
  return { edit, stored: draft ? null : edit.hits, version, save: { kind: "saved" } };
}

export const isDirty = (session: Session): boolean => session.edit.hits !== session.stored;

function saveStateOf(error: unknown): SaveState {
  if (error instanceof ApiProblem) {
    if (error.status === 412) return { kind: "conflict" };
    if (error.isPassing) return { kind: "offline" };
  }
  return { kind: "refused", words: error instanceof Error ? error.message : String(error) };
}

export function sessionAfter(session: Session, event: SessionEvent): Session {
  switch (event.kind) {
    case "edit": {
      const edit = edited(session.edit, event.action);
      // What was refused may be right now.
      const save = session.save.kind === "refused" ? ({ kind: "saved" } as const) : session.save;
      return edit === session.edit ? session : { ...session, edit, save };
    }
    case "sending":
      return { ...session, save: { kind: "saving" } };
    case "stored":
      return {
        ...session,
        stored: event.hits,
        version: event.version,
        save: { kind: "saved" },
      };
    case "loaded":
      return openSession(event.hits, event.version, null);
    case "failed":
      return { ...session, save: saveStateOf(event.error) };
  }
}
