import type { Hit, JobResult } from "@/api/client";
import { WISHES } from "@/api/generated/wishes";
import { forget, keep, readKept } from "@/lib/kept";
import { plain } from "@/music/strokes";
import { isSameStrokes, type EditState, type Patch } from "./edits";
import type { OptionsChange } from "./session";

type Settings = JobResult["settings"];

/** The steps that can be undone and redone, kept while a page is loaded again. */
export interface KeptHistory {
  /** The strokes after the last step. */
  hits: Hit[];
  /** What the service had then, and what it had not been asked for or had not answered yet. */
  version: number;
  settings: Settings;
  wish: OptionsChange;
  past: Patch[];
  future: Patch[];
  nextId: number;
}

export function keepHistory(
  jobId: string, edit: EditState, said: Pick<KeptHistory, "version" | "settings" | "wish">,
): void {
  const { past, future, nextId } = edit;
  if (past.length + future.length === 0) forget("history", jobId);
  else keep("history", jobId, { ...said, hits: plain(edit.hits), past, future, nextId });
}

/** null where there is none. */
export function readHistory(jobId: string): KeptHistory | null {
  const kept = readKept("history", jobId);
  if (typeof kept !== "object" || kept === null) return null;
  const { hits, past, future } = kept as Partial<KeptHistory>;
  return [hits, past, future].every(Array.isArray) ? (kept as KeptHistory) : null;
}

/**
 * Strokes with the steps that led to them; null where they are others by now, or tempo and metre are.
 *
 * wish: what was asked for and never reached the service, which has the same page still.
 */
export function withHistory(
  edit: EditState, kept: KeptHistory, there: { version: number; settings: Settings },
): { edit: EditState; wish: OptionsChange | null } | null {
  if (!isSameStrokes(kept.hits, edit.hits)) return null;
  const { past, future } = kept;
  const restored = { ...edit, past, future, nextId: Math.max(edit.nextId, kept.nextId) };
  if (agree(there.settings, kept.settings, kept.wish)) return { edit: restored, wish: null };
  const isUnheard = there.version === kept.version && agree(there.settings, kept.settings, {});
  return isUnheard ? { edit: restored, wish: kept.wish } : null;
}

/** Whether settings are what they were and the wish made of them; null takes a change back to whatever was before. */
function agree(settings: Settings, before: Settings, wish: OptionsChange): boolean {
  const expected = { ...before, ...wish };
  return WISH_NAMES.every(
    // What is heard otherwise shows in the strokes.
    (name) => wish[name] === null || JSON.stringify(settings[name]) === JSON.stringify(expected[name]),
  );
}

const WISH_NAMES = Object.entries(WISHES)
  .filter(([, { needsSound }]) => !needsSound)
  .map(([name]) => name as Exclude<keyof OptionsChange, "revert">);
