import type { JobResult } from "@/api/client";
import { allLinesMoved, firstLineMoved } from "@/music/allLines";
import { countOf, wishOf, type BarMark, type Count } from "@/music/bars";
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

const COUNTING = ["bars", "bar_one_at_seconds", "shift_beats", "time_signature", "bpm", "tempo_factor"] as const;

/** Whether the beats and bars of the page are about to be others: a bar of now may be none then. */
export const isCountedAnew = (wish: OptionsChange): boolean => COUNTING.some((name) => wish[name] !== undefined);

/** How the page is counted, with the marks of what was asked for: it may be pressed faster than pages are written. */
const askedCount = (result: JobResult, { bars }: OptionsChange): Count =>
  countOf(bars === undefined ? result : { ...result, settings: { ...result.settings, bars: bars ?? [] } });

/** All bar lines so many beats later; where somebody said that a bar begins, that counts from there. asked: what holds, or is to. */
export function linesLater(beats: number, result: JobResult, asked: OptionsChange): OptionsChange {
  return said(allLinesMoved(askedCount(result, asked), beats, asked.shift_beats ?? 0), result);
}

/** The first bar line so many beats later, and all others; null where it would stand before the song. */
export function firstLineLater(beats: number, result: JobResult, asked: OptionsChange): OptionsChange | null {
  const moved = firstLineMoved(askedCount(result, asked), beats, asked.shift_beats ?? 0);
  return moved && said(moved, result);
}

const said = ({ shift_beats, bars }: { shift_beats: number; bars: readonly BarMark[] }, result: JobResult): OptionsChange =>
  bars.length > 0 ? { shift_beats, bars: wishOf(bars, result) } : { shift_beats };

/** A bar begins at this moment of the player. It counts from the start of the part that was heard, the wish from that of the song. */
export const barOneAt = (seconds: number, { settings }: JobResult): OptionsChange => ({
  bar_one_at_seconds: Math.max(0, seconds) + (settings.start_seconds ?? 0),
  shift_beats: null,
});
