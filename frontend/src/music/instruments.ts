import type { Instrument } from "@/api/client";

/** As on the staff, from its top to its foot: cymbals, hats, drums, kick. */
export const INSTRUMENTS: readonly Instrument[] = [
  "crash",
  "ride",
  "hihat_open",
  "hihat_closed",
  "tom_high",
  "tom_mid",
  "snare",
  "tom_low",
  "kick",
];

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

/** The colour of an instrument, the same everywhere; a CSS variable of globals.css. */
export const instrumentColour = (instrument: Instrument): string => `var(--${instrument})`;
