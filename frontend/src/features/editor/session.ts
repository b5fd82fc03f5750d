import type { Hit } from "@/api/client";
import type { components } from "@/api/generated/schema";
import { ApiProblem } from "@/api/problem";
import type { Draft } from "@/api/draft";
import { plain } from "@/music/strokes";
import { say } from "@/words";
import { begin, edited, type EditAction, type EditState } from "./edits";
import { onTopOf } from "./heardAnew";

/** null takes a change back; what is left out stays. */
export type OptionsChange = Partial<components["schemas"]["OptionsEditIn"]>;

export type SaveState =
  | { kind: "saved" }
  | { kind: "saving" }
  /** It is tried again by itself. words: of a service that answers and cannot (no room, too busy). */
  | { kind: "offline"; words: string | null }
  | { kind: "conflict" }
  | { kind: "refused"; words: string };

/** Strokes under edit, and how they stand to what the service has. */
export interface Session {
  edit: EditState;
  /** The very strokes that the service has; null while it has others. */
  stored: readonly Hit[] | null;
  /** Of the service's result, from which these edits were made. */
  version: number;
  save: SaveState;
  /** Changes of tempo, metre and the like that the service has not been asked for yet. */
  wish: OptionsChange | null;
  /** Those that it is at work on. */
  asked: OptionsChange | null;
}

export type SessionEvent =
  | { kind: "edit"; action: EditAction }
  | { kind: "wish"; change: OptionsChange }
  | { kind: "sending" }
  | { kind: "asking" }
  | { kind: "stored"; hits: readonly Hit[]; version: number }
  /** The service's own strokes; keepsEdits: but for those that were edited meanwhile. */
  | { kind: "loaded"; hits: readonly Hit[]; version: number; keepsEdits: boolean }
  /** The service's drums were heard anew; base: the strokes that it had before. */
  | { kind: "heard_anew"; base: readonly Hit[]; hits: readonly Hit[]; version: number }
  | { kind: "failed"; error: unknown };

/** Whether they are the same, stroke by stroke. */
export const isSameStrokes = (some: readonly Hit[], others: readonly Hit[]): boolean =>
  JSON.stringify(plain(begin(some).hits)) === JSON.stringify(plain(begin(others).hits));

/** A draft that was made from another version than the service has now is for its owner to judge. */
export function openSession(hits: readonly Hit[], version: number, draft: Draft | null): Session {
  const none = { wish: null, asked: null };
  if (!draft || isSameStrokes(draft.hits, hits)) {
    const edit = begin(hits);
    return { ...none, edit, stored: edit.hits, version, save: { kind: "saved" } };
  }
  const save: SaveState = { kind: draft.version === version ? "saved" : "conflict" };
  return { ...none, edit: begin(draft.hits), stored: null, version: draft.version, save };
}

export const isDirty = (session: Session): boolean => session.edit.hits !== session.stored;

function saveStateOf(error: unknown): SaveState {
  if (error instanceof ApiProblem) {
    if (error.status === 412) return { kind: "conflict" };
    if (error.isPassing) {
      return { kind: "offline", words: error.code === "offline" ? null : error.message };
    }
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
    case "wish":
      return { ...session, wish: { ...session.wish, ...event.change } };
    case "asking":
      return { ...session, save: { kind: "saving" }, wish: null, asked: session.wish };
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
      return loaded(session, event);
    case "heard_anew": {
      const { base, hits, version } = event;
      const edit = onTopOf(session.edit, base, begin(hits).hits, say("refining.progress"));
      const stored = isSameStrokes(edit.hits, hits) ? edit.hits : null;
      // What was asked for and refused because of it is asked for again.
      const wish = session.asked ? { ...session.asked, ...session.wish } : session.wish;
      return { ...session, edit, stored, version, wish, asked: null, save: { kind: "saved" } };
    }
    case "failed": {
      const save = saveStateOf(event.error);
      // What the service never heard of is asked for again; newer wishes win.
      const isUnheard = session.asked !== null && save.kind === "offline";
      const wish = isUnheard ? { ...session.asked, ...session.wish } : session.wish;
      return { ...session, save, wish, asked: null };
    }
  }
}

function loaded(session: Session, event: SessionEvent & { kind: "loaded" }): Session {
  const { hits, version, keepsEdits } = event;
  const same = { ...session, version, save: { kind: "saved" }, asked: null } as const;
  // Another metre leaves the strokes as they are: what can be undone stays so.
  if (isSameStrokes(session.edit.hits, hits)) return { ...same, stored: session.edit.hits };
  if (keepsEdits) {
    // Heard at another sensitivity: one step more, which can be undone like any other.
    const edit = onTopOf(session.edit, session.stored ?? session.edit.hits, begin(hits).hits, say("editor.heard_otherwise"));
    return { ...same, edit, stored: isSameStrokes(edit.hits, hits) ? edit.hits : null };
  }
  return { ...openSession(hits, version, null), wish: session.wish };
}
