import { say } from "@/words";
import { isOfTempo } from "./countChanges";
import { stepped, type EditAction, type EditState, type Patch, type WishStep } from "./edits";
import type { OptionsChange } from "./session";

/** A change of tempo, metre and the like as a step of editing. before: what held, for what it changes. */
export function wished(state: EditState, after: OptionsChange, before: OptionsChange): EditState {
  return stepped(state, { removed: [], added: [], words: wordsOf(after), wish: { before, after, isMade: false } });
}

/** What holds now, of all that a change says something about. */
export function beforeOf(change: OptionsChange, now: OptionsChange): OptionsChange {
  return Object.fromEntries(Object.keys(change).map((name) => [name, now[name as keyof OptionsChange] ?? null]));
}

/** What undoing or redoing a step asks of the service; null for nothing. */
export function askedBy(state: EditState, action: EditAction): OptionsChange | null {
  if (action.kind === "undo") return state.past.at(-1)?.wish?.before ?? null;
  if (action.kind === "redo") return state.future.at(-1)?.wish?.after ?? null;
  return null;
}

/** The steps that the service has made now. */
export const made = (state: EditState, asked: OptionsChange | null): EditState =>
  onSteps(state, (step) => (isAsked(step.wish, asked) ? { ...step, wish: { ...step.wish, isMade: true } } : step));

/** Without what was asked for and will not be made. */
export const refused = (state: EditState, asked: OptionsChange | null): EditState =>
  onSteps(state, (step) => (isAsked(step.wish, asked) ? null : step));

/** With the steps of notes alone: the page that tempo and metre were changed on is another by now. */
export const withoutWishes = (state: EditState): EditState =>
  onSteps(state, ({ wish, ...step }) => (wish && step.removed.length + step.added.length === 0 ? null : step));

/** The notes that came and went with a change become one step with it: the newest. */
export function withItsNotes(state: EditState, patch: Patch, asked: OptionsChange | null): EditState {
  const at = state.past.findLastIndex(({ wish }) => wish !== undefined && isAsked(wish, asked));
  const step = state.past[at];
  if (!step) return stepped(state, patch);
  const past = state.past.toSpliced(at, 1);
  return stepped({ ...state, past }, { ...patch, words: step.words, ...(step.wish ? { wish: step.wish } : {}) });
}

function isAsked(wish: WishStep | undefined, asked: OptionsChange | null): wish is WishStep {
  return wish !== undefined && !wish.isMade && asked !== null && Object.keys(wish.after).every((name) => name in asked);
}

function onSteps(state: EditState, change: (step: Patch) => Patch | null): EditState {
  const kept = (steps: readonly Patch[]) => steps.map(change).filter((step) => step !== null);
  return { ...state, past: kept(state.past), future: kept(state.future) };
}

/** What a change is called, by the most telling thing in it. */
function wordsOf(change: OptionsChange): string {
  if (change.time_signature !== undefined) return say("music.metre");
  if (isOfTempo(change)) return say("music.tempo");
  if (change.bars !== undefined || change.shift_beats !== undefined || change.bar_one_at_seconds !== undefined) return say("settings.bar_lines");
  if (change.sensitivity !== undefined || change.sensitivity_by_instrument !== undefined) return say("settings.sensitivity");
  if (change.title !== undefined || change.artist !== undefined) return say("editor.change_title");
  if (change.section_names !== undefined || change.bar_texts !== undefined) return say("editor.words");
  return say("start.page");
}
