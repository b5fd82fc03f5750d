import { firstNotBefore } from "./search";

/** The beats of the result: seconds and their numbers in the bar (1 is a downbeat). */
export interface BeatGrid {
  beats: readonly number[];
  beatNumbers: readonly number[];
}

/**
 * Seconds -> beats from the first beat (0 is the first), as the service counts: linear between
 * beats, and on at the nearest beat's tempo outside of them.
 */
export function beatAt(grid: BeatGrid, seconds: number): number {
  const { beats } = grid;
  const last = beats.length - 1;
  const right = Math.min(last, Math.max(1, firstNotBefore(beats, seconds)));
  const from = beats[right - 1] ?? 0;
  const to = beats[right] ?? from + 0.5;
  return right - 1 + (seconds - from) / (to - from);
}

/** The inverse of beatAt. */
export function secondsAt(grid: BeatGrid, beat: number): number {
  const { beats } = grid;
  const left = Math.min(beats.length - 2, Math.max(0, Math.floor(beat)));
  const from = beats[left] ?? 0;
  const to = beats[left + 1] ?? from + 0.5;
  return from + (beat - left) * (to - from);
}

/** Beats in the bar that holds this beat: what a count-in has to count. */
export function beatsPerBar(grid: BeatGrid): number {
  return Math.max(1, ...grid.beatNumbers);
}
