import { firstNotBefore } from "./search";

/** One bar: see docs/reference/timemap.md. */
export interface TimedMeasure {
  number: number;
  start_seconds: number;
  end_seconds: number;
  beats: number[];
  time_signature: string;
  /** The element of the page; bars of rest under one sign share one. */
  svg_id: string;
}

export interface TimedNote {
  /** The element of the page, `hit-N`. */
  id: string;
  hit: number;
  time_seconds: number;
  page_seconds: number;
  measure: number;
  position: string;
  instrument: string;
  is_grace: boolean;
}

export interface TimeMap {
  schema_version: number;
  duration_seconds: number;
  measures: TimedMeasure[];
  notes: TimedNote[];
  merged: { hit: number; time_seconds: number; id: string }[];
}

const HARDLY_SECONDS = 0.4;

/** What a cursor asks for, prepared once. Times are seconds in the recording. */
export class ScoreClock {
  private readonly starts: number[];
  private readonly noteTimes: number[];
  private readonly byId: Map<string, TimedNote>;
  private readonly idOfHit: Map<number, string>;

  constructor(readonly map: TimeMap) {
    this.starts = map.measures.map((measure) => measure.start_seconds);
    this.noteTimes = map.notes.map((note) => note.page_seconds);
    this.byId = new Map(map.notes.map((note) => [note.id, note]));
    this.idOfHit = new Map([...map.notes, ...map.merged].map(({ hit, id }) => [hit, id]));
  }

  /** Index of the bar that sounds at a time; -1 before the first. */
  measureAt(seconds: number): number {
    return firstNotBefore(this.starts, seconds + 1e-6) - 1;
  }

  measure(index: number): TimedMeasure | undefined {
    return this.map.measures[index];
  }

  /**
   * The bar to go to from a moment: the next one, or the start of this one; the one before where
   * this one has hardly begun.
   */
  nextBarFrom(seconds: number, by: 1 | -1): TimedMeasure | undefined {
    const here = this.measureAt(seconds);
    const start = this.starts[here];
    if (by > 0 || start === undefined || seconds - start < HARDLY_SECONDS) {
      return this.measure(Math.max(0, here + by));
    }
    return this.measure(here);
  }

  /** The notes that were struck last at a time, together on the page; none before the first. */
  notesAt(seconds: number): TimedNote[] {
    const last = firstNotBefore(this.noteTimes, seconds + 1e-6) - 1;
    if (last < 0) return [];
    const at = this.noteTimes[last] as number;
    const found: TimedNote[] = [];
    for (let i = last; i >= 0 && at - (this.noteTimes[i] as number) < 0.001; i -= 1) {
      found.push(this.map.notes[i] as TimedNote);
    }
    return found.reverse();
  }

  note(id: string): TimedNote | undefined {
    return this.byId.get(id);
  }

  /** The element that stands for a hit: its own head, or that of the hit it was merged into. */
  elementOf(hit: number): string | undefined {
    return this.idOfHit.get(hit);
  }

  /** The bar an element stands for: the first of those that share it. */
  measureOf(svgId: string): TimedMeasure | undefined {
    return this.map.measures.find((measure) => measure.svg_id === svgId);
  }

  /**
   * How far through its drawn bar a time is, 0..1: a sign for several bars of rest is crossed in
   * the time of all of them.
   */
  shareOfBar(index: number, seconds: number): number {
    const { measures } = this.map;
    const id = measures[index]?.svg_id;
    let first = index;
    let last = index;
    while (first > 0 && measures[first - 1]?.svg_id === id) first -= 1;
    while (last + 1 < measures.length && measures[last + 1]?.svg_id === id) last += 1;
    const from = measures[first]?.start_seconds ?? 0;
    const to = measures[last]?.end_seconds ?? from + 1;
    return Math.min(1, Math.max(0, (seconds - from) / (to - from)));
  }
}
