import type { Articulation, Instrument } from "@/api/client";

export const INSTRUMENT_NAMES: Readonly<Record<Instrument, string>> = {
  kick: "Kick",
  snare: "Snare",
  hihat_closed: "Hi-hat",
  hihat_open: "Open hat",
  ride: "Ride",
  crash: "Crash",
  tom_high: "High tom",
  tom_mid: "Mid tom",
  tom_low: "Floor tom",
};

export const ARTICULATION_NAMES: Readonly<Record<Articulation, string>> = {
  ghost: "ghost",
  accent: "accent",
  flam: "flam",
  drag: "drag",
  roll: "roll",
  "cross-stick": "cross-stick",
  rimshot: "rimshot",
  pedal: "foot",
  "half-open": "half open",
  "ride-bell": "bell",
  splash: "splash",
  china: "china",
  choke: "choked",
};

/** Every key of the editor and the player, as "?" lists them. */
export const SHORTCUTS: readonly (readonly [string, string])[] = [
  ["Space", "play or pause"],
  ["← → ↑ ↓", "move the cursor on the grid"],
  ["Enter", "put a stroke there, or take it away"],
  ["Alt + ← → ↑ ↓", "move the selected strokes"],
  ["Shift + ← →", "the same, in hundredths of a beat"],
  ["Delete", "remove the selected strokes"],
  ["1 ... 9", "loudness, from very soft to very loud"],
  ["g  a  f  d", "ghost, accent, flam, drag"],
  ["x  r  o", "cross-stick, rimshot, open or closed hat"],
  ["Ctrl + A", "select the whole bar at the cursor"],
  ["Ctrl + C  Ctrl + V", "copy the selection, paste at the cursor"],
  ["Ctrl + Z  Ctrl + Shift + Z", "undo, redo"],
  ["n  Shift + n", "next or previous doubtful stroke"],
  ["+  −", "nearer, farther"],
  ["?", "these keys"],
];
