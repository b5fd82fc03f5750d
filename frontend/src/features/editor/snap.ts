import { beatAt, secondsAt, type BeatGrid } from "@/features/player/beatGrid";

/** Parts of a beat that strokes can be placed on. 0: anywhere. */
export const DIVISIONS = [0, 1, 2, 3, 4, 6, 8] as const;
export type Division = (typeof DIVISIONS)[number];

export const divisionWords: Record<Division, string> = {
  0: "free", 1: "beats", 2: "halves", 3: "thirds", 4: "quarters", 6: "sixths", 8: "eighths",
};

/** The nearest place of the grid, in beats. */
export const snapped = (beat: number, division: Division): number =>
  division === 0 ? beat : Math.round(beat * division) / division;

export function snappedSeconds(grid: BeatGrid, seconds: number, division: Division): number {
  return secondsAt(grid, snapped(beatAt(grid, seconds), division));
}

/** A time moved by beats, keeping how early or late it was played. */
export const shifted = (grid: BeatGrid, seconds: number, beats: number): number =>
  secondsAt(grid, beatAt(grid, seconds) + beats);

/** First and one-past-last beat of the bar that holds a beat. */
export function barAround(grid: BeatGrid, beat: number): [number, number] {
  const { beatNumbers } = grid;
  let first = Math.min(beatNumbers.length - 1, Math.max(0, Math.floor(beat + 1e-6)));
  while (first > 0 && beatNumbers[first] !== 1) first -= 1;
  let end = first + 1;
  while (end < beatNumbers.length && beatNumbers[end] !== 1) end += 1;
  return [first, end];
}
