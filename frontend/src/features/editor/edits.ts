import type { Hit } from "@/api/client";
import type { Sticking } from "@/music/sticking";
import { articulationsOf, drumOf, inOrder, plain, SAME_STROKE_SECONDS, type Stroke } from "@/music/strokes";
import { say } from "@/words";
import type { OptionsChange } from "./session";

/** A change of tempo, metre and the like; `before` takes it back. */
export interface WishStep {
  before: OptionsChange;
  after: OptionsChange;
  /** Whether the service has made it. */
  isMade: boolean;
}

/** What one step of editing took away and put in, and asked for; turned round, it is its own undoing. */
export interface Patch {
  removed: readonly Hit[];
  added: readonly Hit[];
  /** As it is read out. */
  words: string;
  wish?: WishStep;
}

export interface EditState {
  /** Sorted by time, then by lane. */
  hits: readonly Hit[];
  selection: ReadonlySet<number>;
  past: readonly Patch[];
  future: readonly Patch[];
  nextId: number;
  /** The last step, as it is read out. */
  said: string;
}

/** Two strokes of one drum that are nearer to each other sound as one. */
export const DOUBLE_SECONDS = 0.012;
const MOST_UNDO = 500;

export type EditAction =
  | { kind: "load"; hits: readonly Hit[] }
  | { kind: "select"; keys: readonly number[]; mode: "only" | "add" | "toggle" }
  | { kind: "add"; hit: Stroke }
  | { kind: "remove" }
  /** onto: the stroke as it is struck in the row that it comes to; without it, it stays in its own. */
  | { kind: "move"; seconds: (time: number) => number; onto?: (hit: Hit) => Hit }
  | { kind: "set"; change: Partial<Pick<Hit, "velocity" | "instrument" | "articulation">> }
  /** Which hand plays each of the selected ones. */
  | { kind: "stick"; hand: (hit: Hit) => Sticking | null }
  /** The selected ones are right as they are. */
  | { kind: "confirm" }
  /** Strokes that were offered become notes, and keep their ids where these are free. */
  | { kind: "take"; hits: readonly Hit[] }
  | { kind: "paste"; hits: readonly Stroke[]; words: string }
  /** Other strokes in the place of these. */
  | { kind: "replace"; keys: readonly number[]; hits: readonly Stroke[]; words: string }
  | { kind: "undo" }
  | { kind: "redo" };

/** hits: a draft of an earlier version has no ids. */
export function begin(hits: readonly (Stroke & { id?: number })[]): EditState {
  const highest = Math.max(-1, ...hits.map((hit) => hit.id ?? -1));
  const named = hits.map((hit, index) => ({ ...hit, id: hit.id ?? highest + 1 + index }));
  return {
    hits: named.sort(inOrder),
    selection: new Set(),
    past: [],
    future: [],
    nextId: highest + 1 + hits.length,
    said: "",
  };
}

/** Whether they are the same, stroke by stroke. */
export const isSameStrokes = (some: readonly Hit[], others: readonly Hit[]): boolean =>
  JSON.stringify(plain(begin(some).hits)) === JSON.stringify(plain(begin(others).hits));

function swap(state: EditState, patch: Patch): EditState {
  // The very same strokes: there is nothing to save.
  if (patch.removed.length === 0 && patch.added.length === 0) return state;
  const gone = new Set(patch.removed.map((hit) => hit.id));
  const hits = state.hits.filter((hit) => !gone.has(hit.id)).concat(patch.added);
  return {
    ...state,
    hits: hits.sort(inOrder),
    selection: new Set(patch.added.map((hit) => hit.id)),
  };
}

/** The state after one step, which can be undone. */
export function stepped(state: EditState, patch: Patch): EditState {
  if (patch.removed.length === 0 && patch.added.length === 0 && !patch.wish) return state;
  return {
    ...swap(state, patch),
    past: [...state.past.slice(-MOST_UNDO + 1), patch],
    future: [],
    said: patch.words,
  };
}

const turned = ({ removed, added, ...same }: Patch): Patch => ({ ...same, removed: added, added: removed });

export const selected = (state: EditState): Hit[] =>
  state.hits.filter((hit) => state.selection.has(hit.id));

/** Strokes that would sound as one with a stroke that stays: same drum, within 12 ms. */
function replacedBy(state: EditState, added: readonly Hit[], gone: ReadonlySet<number>) {
  return state.hits.filter(
    (hit) =>
      !gone.has(hit.id) &&
      added.some(
        (one) =>
          drumOf(one) === drumOf(hit) && Math.abs(one.time - hit.time) < DOUBLE_SECONDS,
      ),
  );
}

/** A hat is either open or closed: one of them takes the place of the other. */
const isOtherHat = (one: Hit, other: Hit): boolean =>
  one.instrument !== other.instrument &&
  [one, other].every(({ instrument }) => instrument.startsWith("hihat_")) &&
  Math.abs(one.time - other.time) < SAME_STROKE_SECONDS;

/** Each stroke replaced by what `change` makes of it; what it lands on goes. */
function changed(
  state: EditState,
  words: string,
  change: (hit: Hit) => Hit,
): EditState {
  const removed = selected(state);
  const added = removed.map(change);
  const keys = new Set(removed.map((hit) => hit.id));
  const covered = replacedBy(state, added, keys);
  return stepped(state, { removed: [...removed, ...covered], added, words });
}

/** One step of editing. Pure: the state before stays as it was. */
export function edited(state: EditState, action: EditAction): EditState {
  switch (action.kind) {
    case "load":
      return begin(action.hits);
    case "select": {
      if (action.mode === "only") return { ...state, selection: new Set(action.keys) };
      const selection = new Set(state.selection);
      for (const key of action.keys) {
        if (action.mode === "toggle" && selection.has(key)) selection.delete(key);
        else selection.add(key);
      }
      return { ...state, selection };
    }
    case "add": {
      const added = [{ ...action.hit, id: state.nextId }];
      const removed = replacedBy(state, added, new Set());
      const next = { ...state, nextId: state.nextId + 1 };
      return stepped(next, { removed, added, words: say("editor.added", { count: 1 }) });
    }
    case "remove": {
      const removed = selected(state);
      return stepped(state, { removed, added: [], words: say("editor.removed", { count: removed.length }) });
    }
    case "move":
      return changed(state, say("editor.moved", { count: state.selection.size }), (hit) => ({
        ...(action.onto?.(hit) ?? hit),
        time: Math.max(0, action.seconds(hit.time)),
        confidence: 1,
      }));
    case "set":
      return changed(state, say("editor.changed", { count: state.selection.size }), (hit) => {
        const next = { ...hit, ...action.change, confidence: 1 };
        const fits = articulationsOf(next.instrument).includes(next.articulation);
        return fits ? next : { ...next, articulation: null };
      });
    case "stick":
      // Who plays a stroke makes it no surer: it goes with the stroke when the drums are heard anew.
      return changed(state, say("editor.stuck", { count: state.selection.size }), (hit) => ({ ...hit, sticking: action.hand(hit) }));
    case "confirm":
      return changed(state, say("editor.confirmed", { count: state.selection.size }), (hit) => ({ ...hit, confidence: 1 }));
    case "take": {
      const known = new Set(state.hits.map(({ id }) => id));
      const free = Math.max(state.nextId - 1, ...action.hits.map(({ id }) => id)) + 1;
      const added = action.hits.map((hit, i) => ({ ...hit, confidence: 1, id: known.has(hit.id) ? free + i : hit.id }));
      const nextId = free + added.length;
      const removed = state.hits.filter((hit) => added.some((one) => isOtherHat(one, hit)));
      const words = say("editor.added", { count: added.length });
      return stepped({ ...state, nextId }, { removed: [...removed, ...replacedBy(state, added, new Set())], added, words });
    }
    case "replace":
    case "paste": {
      const keys = new Set(action.kind === "replace" ? action.keys : []);
      const gone = state.hits.filter(({ id }) => keys.has(id));
      const added = action.hits.map((hit, i) => ({ ...hit, id: state.nextId + i }));
      const removed = [...gone, ...replacedBy(state, added, keys)];
      const next = { ...state, nextId: state.nextId + added.length };
      return stepped(next, { removed, added, words: action.words });
    }
    case "undo": {
      const patch = state.past.at(-1);
      if (!patch) return state;
      return {
        ...swap(state, turned(patch)),
        past: state.past.slice(0, -1),
        future: [...state.future, patch],
        said: say("editor.undone", { what: patch.words }),
      };
    }
    case "redo": {
      const patch = state.future.at(-1);
      if (!patch) return state;
      return {
        ...swap(state, patch),
        past: [...state.past, patch],
        future: state.future.slice(0, -1),
        said: say("editor.redone", { what: patch.words }),
      };
    }
  }
}
