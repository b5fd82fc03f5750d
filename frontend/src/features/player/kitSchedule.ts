import { beatAt, beatsPerBar, secondsAt, type BeatGrid } from "@/music/beatGrid";
import type { KitVoices, PlayedHit } from "./kitVoices";
import { clicksOf, isDrumHeard, type ClickDivision, type Practice } from "./practice";
import { occurrences, type Anchor } from "./transport";

const AHEAD_SECONDS = 0.25;
/** A tab in the background is woken once a second only. */
const AHEAD_HIDDEN_SECONDS = 1.6;
/** Strokes that are later than this, because the page was busy, are left out: all at once they bang. */
const MOST_LATE_SECONDS = 0.05;

/** Strokes and clicks, handed to the kit a moment before they sound. */
export class KitSchedule {
  private hits: readonly PlayedHit[] = [];
  private hitTimes: readonly number[] = [];
  private grid: BeatGrid = { beats: [0, 0.5], beatNumbers: [1, 1] };
  private clicks = clicksOf(this.grid.beats, this.grid.beatNumbers, 1);
  private scheduledUntil = 0;

  constructor(
    private readonly context: AudioContext,
    private readonly voices: KitVoices,
  ) {}

  /** hits: by time. */
  setHits(hits: readonly PlayedHit[]): void {
    this.hits = hits;
    this.hitTimes = this.hits.map((hit) => hit.time);
  }

  setGrid(grid: BeatGrid, division: ClickDivision): void {
    this.grid = grid;
    this.setClickDivision(division);
  }

  setClickDivision(division: ClickDivision): void {
    this.clicks = clicksOf(this.grid.beats, this.grid.beatNumbers, division);
  }

  /** Clicks bars in the song's tempo; returns when the song begins. */
  countIn(from: number, start: number, bars: number, rate: number): number {
    const beat = Math.round(beatAt(this.grid, from));
    const beatSeconds = (secondsAt(this.grid, beat + 1) - secondsAt(this.grid, beat)) / rate;
    const inBar = beatsPerBar(this.grid);
    for (let i = 0; i < bars * inBar; i += 1) {
      const accent = i % inBar === 0 ? "downbeat" : "beat";
      this.voices.click(accent, start + i * beatSeconds, true);
    }
    return start + bars * inBar * beatSeconds;
  }

  /** Nothing sounds before this time of the context. */
  beginAt(contextSeconds: number): void {
    this.scheduledUntil = contextSeconds;
  }

  /** Hands the strokes and clicks of the next moment to the context. */
  handOver(anchor: Anchor, kit: Practice["kit"]): void {
    const now = this.context.currentTime;
    const until = now + (document.hidden ? AHEAD_HIDDEN_SECONDS : AHEAD_SECONDS);
    if (until <= this.scheduledUntil) return;
    const from = Math.max(this.scheduledUntil, now - MOST_LATE_SECONDS);
    this.scheduledUntil = until;
    for (const { index, contextSeconds } of occurrences(anchor, this.hitTimes, from, until)) {
      const hit = this.hits[index] as PlayedHit;
      if (isDrumHeard(kit, hit.instrument)) this.voices.strike(hit, contextSeconds);
    }
    const { times, accents } = this.clicks;
    for (const { index, contextSeconds } of occurrences(anchor, times, from, until)) {
      this.voices.click(accents[index] ?? "beat", contextSeconds);
    }
  }
}
