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
