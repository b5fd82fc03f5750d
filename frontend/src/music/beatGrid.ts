import { firstNotBefore } from "./search";

/** The beats of the result: seconds and their numbers in the bar (1 is a downbeat). */
export interface BeatGrid {
  beats: readonly number[];
  beatNumbers: readonly number[];
  /** Per downbeat, the metre of a bar that its length does not say; null or none: as its length says. */
  barMetres?: readonly (string | null)[];
}

/** What is counted in a bar of a metre: two in 6/8, three in 3/4. */
function countedIn(metre: string): number {
  const [beats = 4, of = 4] = metre.split("/").map(Number);
  return of >= 8 && beats > 3 && beats % 3 === 0 ? beats / 3 : beats;
}

/** The grid as it is clicked: bars whose metre was said have the beats of that metre. */
export function inItsMetres(grid: BeatGrid): BeatGrid {
  const { beats, beatNumbers, barMetres } = grid;
  if (!barMetres?.some(Boolean)) return grid;
  const starts = beatNumbers.flatMap((number, beat) => (number === 1 ? [beat] : []));
  const clicked: { seconds: number; number: number }[] = [];
  const asItIs = (from: number, end: number) => {
    for (let beat = from; beat < end; beat += 1) clicked.push({ seconds: beats[beat]!, number: beatNumbers[beat]! });
  };
  asItIs(0, starts[0] ?? beats.length);
  starts.forEach((start, bar) => {
    const end = starts[bar + 1] ?? beats.length;
    const metre = barMetres[bar];
    if (!metre) return asItIs(start, end);
    const count = countedIn(metre);
    for (let k = 0; k < count; k += 1) {
      clicked.push({ seconds: secondsAt(grid, start + (k * (end - start)) / count), number: k + 1 });
    }
  });
  return { beats: clicked.map(({ seconds }) => seconds), beatNumbers: clicked.map(({ number }) => number) };
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
