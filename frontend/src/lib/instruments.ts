import type { Instrument } from "@/api/client";

/** From the top of the staff to its foot: cymbals, hats, drums, kick. */
export const INSTRUMENTS: readonly Instrument[] = [
  "crash",
  "ride",
  "hihat_open",
  "hihat_closed",
  "tom_high",
  "snare",
  "tom_mid",
  "tom_low",
  "kick",
];

export const INSTRUMENT_NAMES: Readonly<Record<Instrument, string>> = {
  kick: "Kick",
  snare: "Snare",
  hihat_closed: "Hi-hat",
  hihat_open: "Open hi-hat",
  ride: "Ride",
  crash: "Crash",
  tom_high: "High tom",
  tom_mid: "Mid tom",
  tom_low: "Floor tom",
};

/** The colour of an instrument, the same everywhere; a CSS variable of globals.css. */
export const instrumentColour = (instrument: Instrument): string => `var(--${instrument})`;
