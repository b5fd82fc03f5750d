import type { Hit, JobResult } from "@/api/client";
import type { components } from "@/api/generated/schema";
import { ApiProblem } from "@/api/problem";
import type { Draft } from "@/api/draft";
import { say } from "@/words";
import { begin, edited, isSameStrokes, type EditAction, type EditState } from "./edits";
import { onTopOf, touchesSame } from "./heardAnew";
import { withHistory, type KeptHistory } from "./keptHistory";
import { askedBy, beforeOf, made, refused, wished, withItsNotes, withoutWishes } from "./wishSteps";

/** null takes a change back; what is left out stays. */
export type OptionsChange = Partial<components["schemas"]["OptionsEditIn"]>;

export type SaveState =
  | { kind: "saved" }
  | { kind: "saving" }
  /** It is tried again by itself. words: of a service that answers and cannot (no room, too busy). */
  | { kind: "offline"; words: string | null }
  | { kind: "conflict" }
  | { kind: "refused"; words: string };

/**
 * Strokes under edit, and how they stand to what the service has.
 *
 *     result in the query cache -> stored -> edit.hits -> drum grid, waveform, kit, review, draft
 *     result of the drawn page  -> its hits, which edit.hits are pencilled over
 */
export interface Session {
  edit: EditState;
  /** The strokes of the service's result from which these edits were made: the very ones of `edit` while nothing is unsaved. */
  stored: readonly Hit[];
  /** Of that result. */
  version: number;
  save: SaveState;
  /** Changes of tempo, metre and the like that the service has not been asked for yet. */
  wish: OptionsChange | null;
  /** Those that it is at work on. */
  asked: OptionsChange | null;
  /** What was done before cannot be undone: the song was changed elsewhere since. */
  isHistoryLost: boolean;
}

export type SessionEvent =
  | { kind: "edit"; action: EditAction }
  /** now: what holds, which undo goes back to; without it, it is no step but one that is asked for again. */
  | { kind: "wish"; change: OptionsChange; now?: OptionsChange }
  | { kind: "sending" }
  | { kind: "asking" }
  | { kind: "stored"; hits: readonly Hit[]; version: number }
  /** The service's own strokes; keepsEdits: but for those that were edited meanwhile. */
  | { kind: "loaded"; hits: readonly Hit[]; version: number; keepsEdits: boolean }
  /** The service's drums were heard anew. */
  | { kind: "heard_anew"; hits: readonly Hit[]; version: number }
  | { kind: "failed"; error: unknown };

/** What the service has when a song is opened. */
export interface There {
  hits: readonly Hit[];
  version: number;
  settings: JobResult["settings"];
  /** Whether nothing but hearing the drums anew was done to the version before. */
  isHeardAnew: boolean;
}

/**
 * The strokes of a song that is opened, with what this browser keeps of earlier edits.
 *
 * A draft that was made from another version than the service has now is for its owner to judge;
 * what was heard anew meanwhile is taken over where it does not touch the same strokes.
 */
export function openSession(there: There, draft: Draft | null, kept: KeptHistory | null): Session {
  const { hits, version } = there;
  const isUnsent = draft !== null && !isSameStrokes(draft.hits, hits);
  const saved = fresh(hits, version);
  const opened = isUnsent ? { ...saved, edit: begin(draft.hits) } : saved;
  if (isUnsent && draft.version !== version) {
    const isMerged = there.isHeardAnew && draft.version === version - 1 && !touchesSame(draft.base, draft.hits, hits);
    if (!isMerged) {
      const edit = history(opened.edit, kept, there).edit;
      return { ...opened, edit, version: draft.version, stored: draft.base, save: { kind: "conflict" } };
    }
    const old = { ...opened, ...history(opened.edit, kept, there) };
    return heardAnew({ ...old, stored: draft.base }, hits, version);
  }
  if (!isUnsent && kept && there.isHeardAnew && kept.version === version - 1) {
    // Nothing waited to be saved: what was heard anew is the newest step of those that are kept.
    const old = begin(kept.hits);
    return heardAnew({ ...opened, ...history(old, kept, there), stored: old.hits }, hits, version);
  }
  return { ...opened, ...history(opened.edit, kept, there) };
}

function fresh(hits: readonly Hit[], version: number): Session {
  const edit = begin(hits);
  return { edit, stored: edit.hits, version, save: { kind: "saved" }, wish: null, asked: null, isHistoryLost: false };
}

/** The steps that are kept, if they are those of these strokes. */
function history(edit: EditState, kept: KeptHistory | null, there: There): Pick<Session, "edit" | "wish" | "isHistoryLost"> {
  const found = kept && withHistory(edit, kept, there);
  return { edit: found?.edit ?? edit, wish: found?.wish ?? null, isHistoryLost: kept !== null && !found };
}

/** Edits of here, which the service does not have yet, over what it heard anew. */
function heardAnew(session: Session, hits: readonly Hit[], version: number): Session {
  const edit = onTopOf(session.edit, session.stored, begin(hits).hits, say("refining.progress"));
  return { ...session, edit, stored: storedAs(edit, hits), version };
}

/** What the service has, as the very strokes of here where they are the same. */
const storedAs = (edit: EditState, theirs: readonly Hit[]): readonly Hit[] =>
  isSameStrokes(edit.hits, theirs) ? edit.hits : theirs;

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
      if (edit === session.edit) return session;
      // What was refused may be right now.
      const save = session.save.kind === "refused" ? ({ kind: "saved" } as const) : session.save;
      const asked = askedBy(session.edit, event.action);
      const wish = asked ? { ...session.wish, ...asked } : session.wish;
      return { ...session, edit, save, wish, isHistoryLost: false };
    }
    case "wish": {
      const { change, now } = event;
      const wish = { ...session.wish, ...change };
      if (!now) return { ...session, wish };
      const before = beforeOf(change, { ...now, ...session.asked, ...session.wish });
      return { ...session, wish, edit: wished(session.edit, change, before), isHistoryLost: false };
    }
    case "asking":
      return { ...session, save: { kind: "saving" }, wish: null, asked: session.wish };
    case "sending":
      return { ...session, save: { kind: "saving" } };
    case "stored": {
      const { hits, version } = event;
      return { ...session, stored: hits, version, save: { kind: "saved" } };
    }
    case "loaded":
      return loaded(session, event);
    case "heard_anew": {
      const next = heardAnew(session, event.hits, event.version);
      // What was asked for and refused because of it is asked for again.
      const wish = session.asked ? { ...session.asked, ...session.wish } : session.wish;
      return { ...next, wish, asked: null, save: { kind: "saved" } };
    }
    case "failed":
      return failed(session, saveStateOf(event.error));
  }
}

function failed(session: Session, save: SaveState): Session {
  const { edit, asked } = session;
  const next = { ...session, save, asked: null };
  switch (save.kind) {
    case "offline":
      // What the service never heard of is asked for again; newer wishes win.
      return asked ? { ...next, wish: { ...asked, ...session.wish } } : next;
    case "conflict":
      return { ...next, edit: withoutWishes(edit) };
    default:
      return { ...next, edit: refused(edit, asked) };
  }
}

function loaded(session: Session, event: SessionEvent & { kind: "loaded" }): Session {
  const { hits, version, keepsEdits } = event;
  const { asked } = session;
  const same = { ...session, version, save: { kind: "saved" }, asked: null } as const;
  // Another metre leaves the strokes as they are: what can be undone stays so.
  if (isSameStrokes(session.edit.hits, hits)) {
    return { ...same, edit: made(session.edit, asked), stored: session.edit.hits };
  }
  if (keepsEdits) {
    // Heard at another sensitivity: one step with it, which can be undone like any other.
    const words = say("editor.heard_otherwise");
    const edit = onTopOf(session.edit, session.stored, begin(hits).hits, words, (state, patch) =>
      withItsNotes(state, patch, asked),
    );
    return { ...same, edit, stored: storedAs(edit, hits) };
  }
  return { ...fresh(hits, version), wish: session.wish };
}
