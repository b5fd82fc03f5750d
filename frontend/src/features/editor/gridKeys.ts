import type { Articulation, Hit } from "@/api/client";
import { beatAt, secondsAt, type BeatGrid } from "@/music/beatGrid";
import { beatMeant, strokesOf } from "@/music/bars";
import { laneIndex, laneKey, lower, type Lane } from "@/music/lanes";
import { articulationsOf, type Stroke } from "@/music/strokes";
import { handOf, toggledHand, type Sticking } from "@/music/sticking";
import { selected, type EditAction, type EditState } from "./edits";
import { inTurn } from "./HandTools";
import { barAround, shifted, snapped, type Division } from "@/music/snap";
import { say } from "@/words";

/** The cell of the grid that the keyboard works on. */
export interface GridCursor {
  beat: number;
  lane: Lane;
}

export interface KeyContext {
  state: EditState;
  grid: BeatGrid;
  lanes: readonly Lane[];
  division: Division;
  cursor: GridCursor;
  /** Nearly heard: Enter makes one a note. */
  offers: readonly Hit[];
  clipboard: readonly Hit[];
}

export interface KeyOutcome {
  action?: EditAction;
  cursor?: GridCursor;
  /** The menu of the bar at the cursor. */
  isBarMenu?: true;
  /** Relative to their first beat; times are beats here. */
  clipboard?: readonly Hit[];
}

const FINE_BEATS = 0.01;
const MARKS: Readonly<Record<string, Articulation>> = {
  g: "ghost", a: "accent", f: "flam", d: "drag", x: "cross-stick", r: "rimshot",
};

/** Held with Shift: alone, some of them mean something else. */
const HANDS: Readonly<Record<string, Sticking>> = { r: "right", l: "left", b: "both" };

const stepOf = (division: Division): number => (division === 0 ? 1 / 8 : 1 / division);

/** A new stroke as the hand would play it there. */
export function newHit(grid: BeatGrid, beat: number, { instrument, own }: Lane): Stroke {
  return {
    time: Math.max(0, secondsAt(grid, beat)),
    instrument,
    velocity: 0.8,
    confidence: 1,
    articulation: own,
  };
}

/** Index of the row of the cursor. */
export const cursorRow = (lanes: readonly Lane[], { lane }: GridCursor): number =>
  Math.max(0, lanes.findIndex((one) => laneKey(one) === laneKey(lane)));

function strokeAt({ grid, lanes, cursor, division }: KeyContext, strokes: readonly Hit[]) {
  const near = stepOf(division) / 2;
  return strokes.find(
    (hit) =>
      laneIndex(lanes, hit) === cursorRow(lanes, cursor) &&
      Math.abs(beatAt(grid, hit.time) - cursor.beat) < near,
  );
}

/** What a key means on the grid; null where it means nothing. Pure. */
export function pressed(event: KeyboardEvent, context: KeyContext): KeyOutcome | null {
  const { state, grid, lanes, division, cursor } = context;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const step = stepOf(division);
  if (event.ctrlKey || event.metaKey) return command(key, event.shiftKey, context);
  const along = { ArrowLeft: -1, ArrowRight: 1 }[key];
  const across = { ArrowUp: -1, ArrowDown: 1 }[key];
  if (along !== undefined && (event.altKey || event.shiftKey)) {
    const by = along * (event.shiftKey ? FINE_BEATS : step);
    return { action: { kind: "move", seconds: (time) => shifted(grid, time, by) } };
  }
  if (across !== undefined && event.altKey) {
    return { action: { kind: "move", seconds: (time) => time, onto: (hit) => lower(lanes, hit, across) } };
  }
  if (along !== undefined) {
    const beat = Math.max(0, snapped(cursor.beat, division) + along * step);
    return { cursor: { ...cursor, beat } };
  }
  if (across !== undefined) {
    const row = Math.min(lanes.length - 1, Math.max(0, cursorRow(lanes, cursor) + across));
    return { cursor: { ...cursor, lane: lanes[row] ?? cursor.lane } };
  }
  if (key === "Enter") {
    const there = strokeAt(context, state.hits);
    if (!there) {
      const offer = strokeAt(context, context.offers);
      if (offer) return { action: { kind: "take", hits: [offer] } };
      return { action: { kind: "add", hit: newHit(grid, cursor.beat, cursor.lane) } };
    }
    if (state.selection.has(there.id)) return { action: { kind: "remove" } };
    return { action: { kind: "select", keys: [there.id], mode: "only" } };
  }
  if (event.shiftKey && !event.altKey) {
    const chosen = selected(state);
    const hand = HANDS[key];
    if (hand) {
      const next = toggledHand(chosen, hand);
      return { action: { kind: "stick", hand: () => next } };
    }
    if (key === "a") return { action: inTurn(chosen) };
  }
  if (key === "b") return { isBarMenu: true };
  if (key === "Delete" || key === "Backspace") return { action: { kind: "remove" } };
  if (key === "Escape") return { action: { kind: "select", keys: [], mode: "only" } };
  if (/^[1-9]$/.test(key)) return { action: { kind: "set", change: { velocity: Number(key) / 9 } } };
  if (key === "o") {
    const isOpen = selected(state).every((hit) => hit.instrument === "hihat_open");
    const instrument = isOpen ? "hihat_closed" : "hihat_open";
    return { action: { kind: "set", change: { instrument } } };
  }
  const mark = MARKS[key];
  if (mark) return { action: { kind: "set", change: { articulation: toggled(state, mark) } } };
  return null;
}

/** The mark, or none if all the strokes that can bear it do already. */
function toggled(state: EditState, mark: Articulation): Articulation | null {
  const able = selected(state).filter((hit) => articulationsOf(hit.instrument).includes(mark));
  return able.length > 0 && able.every((hit) => hit.articulation === mark) ? null : mark;
}

function command(key: string, isShifted: boolean, context: KeyContext): KeyOutcome | null {
  const { state, grid, cursor, clipboard } = context;
  switch (key) {
    case "z":
      return { action: { kind: isShifted ? "redo" : "undo" } };
    case "y":
      return { action: { kind: "redo" } };
    case "a": {
      const [start, end] = barAround(grid, cursor.beat);
      const inside = strokesOf(state.hits, grid, { start, beats: end - start });
      return { action: { kind: "select", keys: inside.map((hit) => hit.id), mode: "only" } };
    }
    case "c": {
      const strokes = selected(state);
      const first = strokes[0];
      if (!first) return null;
      // From the beat that it begins in, so that it can be put onto another one.
      const origin = beatMeant(beatAt(grid, first.time));
      return {
        clipboard: strokes.map((hit) => ({ ...hit, time: beatAt(grid, hit.time) - origin })),
      };
    }
    case "v": {
      if (clipboard.length === 0) return null;
      const origin = Math.floor(cursor.beat + 1e-6);
      const hits = clipboard.map((hit) => ({
        time: Math.max(0, secondsAt(grid, origin + hit.time)),
        instrument: hit.instrument,
        velocity: hit.velocity,
        confidence: 1,
        articulation: hit.articulation,
        sticking: handOf(hit),
      }));
      return { action: { kind: "paste", hits, words: say("editor.pasted", { count: hits.length }) } };
    }
    default:
      return null;
  }
}
