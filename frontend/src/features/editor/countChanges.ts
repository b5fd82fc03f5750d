import type { JobResult } from "@/api/client";
import type { OptionsChange } from "./session";

/** Counted as fast as it was found. */
export const AS_FOUND: OptionsChange = { tempo_factor: null };

/** At so many quarter notes a minute. */
export const atTempo = (bpm: number): OptionsChange => ({ ...AS_FOUND, bpm });

/** Half or twice as fast as is asked for now; only 1/2, 1 and 2 of what was found can be said. */
export function timesAsFast({ tempo_factor: now }: OptionsChange, by: 0.5 | 2): OptionsChange {
  const wanted = (now ?? 1) * by;
  if (wanted === 1) return { ...AS_FOUND, bpm: null };
  return { tempo_factor: wanted < 1 ? 0.5 : 2, bpm: null };
}

export const isOfTempo = ({ bpm, tempo_factor }: OptionsChange): boolean => bpm !== undefined || tempo_factor !== undefined;

/** A bar begins at this moment of the player. It counts from the start of the part that was heard, the wish from that of the song. */
export const barOneAt = (seconds: number, { settings }: JobResult): OptionsChange => ({
  bar_one_at_seconds: Math.max(0, seconds) + (settings.start_seconds ?? 0),
  shift_beats: null,
});
