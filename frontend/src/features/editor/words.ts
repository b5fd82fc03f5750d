import type { Articulation, Instrument } from "@/api/client";

/** As in drum tablature, where there is no room. */
export const SHORT_NAMES: Readonly<Record<Instrument, string>> = {
  kick: "BD",
  snare: "SD",
  hihat_closed: "HH",
  hihat_open: "HO",
  ride: "RD",
  crash: "CC",
  tom_high: "T1",
  tom_mid: "T2",
  tom_low: "FT",
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
