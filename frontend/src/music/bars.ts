import type { components, Hit, JobResult } from "@/api/client";
import { beatAt, secondsAt, type BeatGrid } from "./beatGrid";

/** A bar line that was set by hand, as the service has it. */
export type BarMark = components["schemas"]["BarMark"];

/** A bar over the beats of the grid: where it begins, and how many beats it has. */
export interface GridBar {
  start: number;
  beats: number;
  /** Its metre, where its length does not say it: 6/8 has as many beats as 3/4. */
  said?: string;
}

/** What bars are counted in. beatQuarters: how long a beat of the grid is. metre: of most bars. */
export interface Count {
  grid: BeatGrid;
  beatQuarters: number;
  metre: string;
  /** What was set by hand; in the time of the grid, which begins with the part that was heard. */
  marks: readonly BarMark[];
}

/** How the bars of a page are counted. */
export function countOf(result: JobResult): Count {
  return {
    grid: { beats: result.beats, beatNumbers: result.beat_numbers, barMetres: result.bar_time_signatures },
    beatQuarters: result.beat_length,
    metre: result.time_signature,
    marks: shifted(result.settings.bars, -(result.settings.start_seconds ?? 0)),
  };
}

/** Marks of a page in the time of the song, as the service takes them. */
export const wishOf = (marks: readonly BarMark[], { settings }: Pick<JobResult, "settings">): BarMark[] =>
  shifted(marks, settings.start_seconds ?? 0);

const shifted = (marks: readonly BarMark[], seconds: number): BarMark[] =>
  marks.map((mark) => ({ ...mark, at_seconds: mark.at_seconds + seconds }));

/** Bars as they are to be, one after the other; `end`: where those after them stay. null: they reach to the end. */
interface Change {
  bars: readonly GridBar[];
  end: number | null;
}

const SAME_SECONDS = 1e-6;

/**
 * Every bar of the grid, in order; what comes before the first bar line is none. The grid may end
 * inside the last one: it is as long as the one before.
 */
export function barsOf({ beatNumbers, barMetres }: BeatGrid): GridBar[] {
  const starts = beatNumbers.flatMap((number, beat) => (number === 1 ? [beat] : []));
  const lengths = starts.map((start, i) => (starts[i + 1] ?? beatNumbers.length) - start);
  const last = lengths.length - 1;
  return starts.map((start, i) => {
    const said = barMetres?.[i];
    if (said) return { start, beats: lengths[i] ?? 0, said };
    return { start, beats: Math.max(lengths[i] ?? 0, i === last ? (lengths[i - 1] ?? 0) : 0) };
  });
}

/** Who plays so little early, in beats, means the beat. */
const EARLY_BEATS = 0.06;

/** The beat in which a place lies as it is meant. */
export const beatMeant = (beat: number): number => Math.floor(beat + EARLY_BEATS);

/** Index of the bar that sounds at a beat; -1 before the first. */
export const barAt = (bars: readonly GridBar[], beat: number): number =>
  bars.findLastIndex(({ start }) => start <= beat + EARLY_BEATS);

/** The strokes of a bar, those that are a little early with it. */
export const strokesOf = (hits: readonly Hit[], grid: BeatGrid, { start, beats }: GridBar): Hit[] =>
  hits.filter(({ time }) => {
    const beat = beatAt(grid, time) - start;
    return beat >= -EARLY_BEATS && beat < beats - EARLY_BEATS;
  });

/** Of what the service takes for a bar: three sixteenths, in quarters. */
const SHORTEST_QUARTERS = 0.75;

/** Whether so many beats of the grid, or fewer, are too few for a bar. */
export const isTooShort = (beats: number, { beatQuarters }: Pick<Count, "beatQuarters">): boolean =>
  beats * beatQuarters < SHORTEST_QUARTERS;

/** How many quarters a bar of a metre lasts. */
function quartersOf(metre: string): number {
  const [beats = 4, of = 4] = metre.split("/").map(Number);
  return (4 * beats) / of;
}

/** How many beats of the grid a bar of a metre has. */
export const beatsOf = (metre: string, { beatQuarters }: Pick<Count, "beatQuarters">): number =>
  quartersOf(metre) / beatQuarters;

/** What a bar is written in, as the service writes it: as somebody said, else by its length. */
export function metreOf(
  { beats, said }: Pick<GridBar, "beats" | "said">, { beatQuarters, metre }: Pick<Count, "beatQuarters" | "metre">,
): string {
  if (said) return said;
  const quarters = beats * beatQuarters;
  if (quarters === quartersOf(metre)) return metre;
  if (beatQuarters === 1.5) return `${2 * quarters}/8`;
  if (beatQuarters === 2) return `${quarters / 2}/2`;
  if (Number.isInteger(quarters)) return `${quarters}/4`;
  return Number.isInteger(2 * quarters) ? `${2 * quarters}/8` : `${4 * quarters}/16`;
}

/** The metres that a bar of this song can be in: the beats of others do not fill its own. */
export function possibleMetres(count: Count, metres: readonly string[]): string[] {
  return metres.filter((metre) => {
    const beats = beatsOf(metre, count);
    // Eighths can stand among quarters; nothing else is counted in two ways.
    return Number.isInteger(beats) || (count.beatQuarters === 1 && Number.isInteger(2 * beats));
  });
}

/** This bar in another metre, the others as long as they were; or all from it on, up to the next that was set. */
export function inMetre(count: Count, bar: number, metre: string, scope: "bar" | "on"): BarMark[] | null {
  const bars = barsOf(count.grid);
  const here = bars[bar];
  if (!here) return null;
  if (scope === "on") {
    const at = secondsAt(count.grid, here.start);
    const others = count.marks.filter(({ at_seconds }) => Math.abs(at_seconds - at) > SAME_SECONDS);
    return inOrder([...others, { at_seconds: at, time_signature: metre }]);
  }
  return resized(count, bars, bar, beatsOf(metre, count), metre);
}

/** The line at which a bar begins so many beats later (earlier: below 0), and all lines after it or none. */
export function lineMoved(count: Count, bar: number, beats: number, scope: "bar" | "on"): BarMark[] | null {
  const bars = barsOf(count.grid);
  const [before, here] = [bars[bar - 1], bars[bar]];
  if (!before || !here || isTooShort(before.beats + beats, count)) return null;
  if (scope === "on") return resized(count, bars, bar - 1, before.beats + beats);
  if (isTooShort(here.beats - beats, count)) return null;
  const moved = [
    { start: before.start, beats: before.beats + beats },
    { start: here.start + beats, beats: here.beats - beats },
  ];
  return marked(count, { bars: moved, end: here.start + here.beats });
}

/** A bar more before this one: it and all that follow begin so much later. */
export function barInserted(count: Count, bar: number, metre: string): BarMark[] | null {
  const bars = barsOf(count.grid);
  const here = bars[bar];
  if (!here) return null;
  const beats = beatsOf(metre, count);
  const rest = later(bars.slice(bar), beats);
  return marked(count, { bars: [{ start: here.start, beats, said: metre }, ...rest], end: null });
}

/** Without this bar: those that follow begin where it began. */
export function barTakenOut(count: Count, bar: number): BarMark[] | null {
  const bars = barsOf(count.grid);
  const here = bars[bar];
  if (!here || bar + 1 >= bars.length) return null;
  return marked(count, { bars: later(bars.slice(bar + 1), -here.beats), end: null });
}

const later = (bars: readonly GridBar[], beats: number): GridBar[] =>
  bars.map((bar) => ({ ...bar, start: bar.start + beats }));

function resized(
  count: Count, bars: readonly GridBar[], bar: number, beats: number, said?: string,
): BarMark[] | null {
  const here = bars[bar];
  if (!here) return null;
  const rest = later(bars.slice(bar + 1), beats - here.beats);
  // After the last one the song goes on as it is.
  const usual = { start: here.start + beats, beats: beatsOf(count.metre, count) };
  const other: GridBar = { start: here.start, beats, ...(said ? { said } : {}) };
  return marked(count, { bars: [other, ...(rest.length > 0 ? rest : [usual])], end: null });
}

/** All marks after a change: those before it, its bars wherever another metre begins, and what follows. */
function marked(count: Count, { bars, end }: Change): BarMark[] {
  const { grid, marks } = count;
  const last = grid.beats.length - 1;
  const begins = secondsAt(grid, bars[0]?.start ?? 0);
  const made: BarMark[] = [];
  for (const bar of bars) {
    const { start } = bar;
    const metre = metreOf(bar, count);
    const isOther = made.at(-1)?.time_signature !== metre;
    if (isOther && start <= last) made.push({ at_seconds: secondsAt(grid, start), time_signature: metre });
  }
  const kept = marks.filter(({ at_seconds }) => at_seconds < begins - SAME_SECONDS);
  if (end === null || end > last) return [...kept, ...made];
  const ends = secondsAt(grid, end);
  const before = marks.findLast(({ at_seconds }) => at_seconds <= ends + SAME_SECONDS);
  const after = marks.filter(({ at_seconds }) => at_seconds > ends + SAME_SECONDS);
  return [...kept, ...made, { at_seconds: ends, time_signature: before?.time_signature ?? null }, ...after];
}

const inOrder = (marks: BarMark[]): BarMark[] => marks.sort((a, b) => a.at_seconds - b.at_seconds);
