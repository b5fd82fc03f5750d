import type { Articulation, Instrument } from "@/api/client";
import { beatAt, beatsPerBar, secondsAt, type BeatGrid } from "@/music/beatGrid";
import type { Loop } from "@/music/loop";
import { KitVoices } from "./kitVoices";
import type { Recording, StemName } from "./recording";
import {
  clicksOf, FIRST_PRACTICE, isDrumHeard, MAX_RATE, MIN_RATE, trainedRate,
  type ClickDivision, type CountInBars, type DrumMix, type Practice, type Trainer,
} from "./practice";
import { heardAsBefore, onlyHeard, SourceGains, type SourceName, type Sources, type SourceState } from "./sources";
import { createStretchNode, type StretchNode } from "./stretch";
import { activeLoop, occurrences, positionAt, roundsAt, type Anchor } from "./transport";

export interface PlayedHit {
  time: number;
  instrument: Instrument;
  velocity: number;
  articulation: Articulation | null;
}

export interface PlayerState extends Practice {
  isPlaying: boolean;
  /** Clicks are counted, the song has not begun. */
  isCountingIn: boolean;
  durationSeconds: number;
  stems: readonly StemName[];
}

const TICK_MILLISECONDS = 60;
const AHEAD_SECONDS = 0.25;
/** A tab in the background is woken once a second only. */
const AHEAD_HIDDEN_SECONDS = 1.6;
/** The stretcher needs its own latency in advance, or it begins with a blur. */
const START_DELAY_SECONDS = 0.15;
/** Strokes that are later than this, because the page was busy, are left out: all at once they bang. */
const MOST_LATE_SECONDS = 0.05;

/**
 * Plays a recording, its stems, the transcription on a synthesised kit and a click, all on the
 * clock of one audio context (see transport.ts).
 */
export class PlayerEngine {
  private state: PlayerState = {
    isPlaying: false,
    isCountingIn: false,
    ...FIRST_PRACTICE,
    durationSeconds: 0,
    stems: [],
  };
  private readonly listeners = new Set<() => void>();
  private readonly gains: SourceGains;
  private readonly voices: KitVoices;
  private stretch: StretchNode | null = null;
  private anchor: Anchor = { contextSeconds: 0, positionSeconds: 0, rate: 1, loop: null };
  private hits: readonly PlayedHit[] = [];
  private hitTimes: readonly number[] = [];
  private grid: BeatGrid = { beats: [0, 0.5], beatNumbers: [1, 1] };
  private clicks = clicksOf(this.grid.beats, this.grid.beatNumbers, 1);
  private scheduledUntil = 0;
  private timer: ReturnType<typeof setInterval> | undefined;
  /** Counts what was asked of it: a start that waits for the device gives way to what came later. */
  private turn = 0;
  private isClosed = false;

  constructor(readonly context: AudioContext) {
    this.gains = new SourceGains(context);
    this.voices = new KitVoices(context, this.gains.of("kit"), this.gains.of("click"));
    this.gains.apply(this.state.sources, 0);
    context.addEventListener("statechange", this.onContextState);
    document.addEventListener("visibilitychange", this.onVisibility);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly snapshot = (): PlayerState => this.state;

  /**
   * Takes the sound; its samples move to the audio thread and are gone from here. Where there is
   * none, the kit is what can be heard. May come while the kit plays already.
   */
  async setRecording(recording: Recording): Promise<void> {
    const perStem = recording.channels[0]?.length ?? 0;
    const all = recording.channels.flat();
    if (all.length === 0) return this.hearOnly(["kit"]);
    const node = await createStretchNode(this.context, all.length);
    await node.addBuffers(
      [...all],
      all.map((samples) => samples.buffer),
    );
    if (this.isClosed) return;
    // What was there before is heard until now.
    this.stretch?.disconnect();
    const splitter = this.context.createChannelSplitter(all.length);
    node.connect(splitter);
    recording.stems.forEach((name, stem) => {
      const merger = this.context.createChannelMerger(2);
      for (let side = 0; side < 2; side += 1) {
        splitter.connect(merger, stem * perStem + Math.min(side, perStem - 1), side);
      }
      merger.connect(this.gains.of(name));
    });
    this.stretch = node;
    this.setSources(heardAsBefore(this.state.sources, this.state.stems, recording.stems));
    this.update({ stems: recording.stems, durationSeconds: recording.durationSeconds });
    if (this.state.isPlaying) this.restartAt(this.position());
  }

  /** What the kit plays; may change while it plays. */
  setHits(hits: readonly PlayedHit[], durationSeconds: number): void {
    this.hits = [...hits].sort((a, b) => a.time - b.time);
    this.hitTimes = this.hits.map((hit) => hit.time);
    if (this.state.durationSeconds === 0) this.update({ durationSeconds });
    this.reschedule();
  }

  setGrid(grid: BeatGrid): void {
    this.grid = grid;
    this.placeClicks();
  }

  /** The place in the recording that is heard now (not: computed now). */
  position(): number {
    if (!this.state.isPlaying) return this.anchor.positionSeconds;
    return positionAt(this.anchor, this.heardContextSeconds());
  }

  /** The context's time whose sound reaches the ear now. */
  heardContextSeconds(): number {
    const { context } = this;
    return context.currentTime - (context.outputLatency || context.baseLatency || 0);
  }

  async play(): Promise<void> {
    if (this.state.isPlaying) return;
    this.turn += 1;
    const turn = this.turn;
    if (this.context.state !== "running") {
      try {
        await this.context.resume();
      } catch {
        // The system keeps the sound for itself (a call); it can be pressed again.
        return;
      }
    }
    if (turn !== this.turn) return;
    let from = this.anchor.positionSeconds;
    const { loop, durationSeconds } = this.state;
    if (loop && (from < loop.startSeconds || from >= loop.endSeconds)) from = loop.startSeconds;
    else if (from >= durationSeconds - 0.05) from = 0;
    let start = this.context.currentTime + START_DELAY_SECONDS;
    const { countInBars } = this.state;
    if (countInBars > 0) start = this.countIn(from, start, countInBars);
    this.startAt(from, start);
    this.update({ isPlaying: true, isCountingIn: countInBars > 0 });
    this.timer ??= setInterval(() => this.tick(), TICK_MILLISECONDS);
  }

  pause(): void {
    if (!this.state.isPlaying) return;
    const at = this.position();
    clearInterval(this.timer);
    this.timer = undefined;
    this.stopSound();
    this.anchor = { ...this.anchor, positionSeconds: at };
    this.update({ isPlaying: false, isCountingIn: false });
  }

  toggle(): void {
    if (this.state.isPlaying) this.pause();
    else void this.play();
  }

  seek(positionSeconds: number): void {
    const to = Math.min(Math.max(0, positionSeconds), this.state.durationSeconds);
    if (this.state.isPlaying) this.restartAt(to);
    else this.anchor = { ...this.anchor, positionSeconds: to };
    this.notify();
  }

  setRate(rate: number): void {
    const next = Math.min(MAX_RATE, Math.max(MIN_RATE, rate));
    this.update({ rate: next });
    if (this.state.isPlaying) this.restartAt(this.position());
  }

  setLoop(loop: Loop | null): void {
    this.update({ loop });
    if (!this.state.isPlaying) return;
    const at = this.position();
    const isInside = !loop || (at >= loop.startSeconds && at < loop.endSeconds);
    this.restartAt(isInside ? at : loop.startSeconds);
  }

  setCountIn(countInBars: CountInBars): void {
    this.update({ countInBars });
  }

  setClickDivision(clickDivision: ClickDivision): void {
    this.update({ clickDivision });
    this.placeClicks();
  }

  /** Counts the rounds from now on. */
  setTrainer(trainer: Trainer | null): void {
    this.update({ trainer });
    if (this.state.isPlaying) this.restartAt(this.position());
  }

  setDrum(instrument: Instrument, mix: DrumMix): void {
    this.update({ kit: { ...this.state.kit, [instrument]: mix } });
    this.reschedule();
  }

  /** As it was practised last. */
  restore(practice: Practice): void {
    this.update(practice);
    this.gains.apply(practice.sources);
    this.placeClicks();
  }

  setSource(name: SourceName, change: Partial<SourceState>): void {
    const { sources } = this.state;
    this.setSources({ ...sources, [name]: { ...sources[name], ...change } });
  }

  /** Only these sound, the click as it was: the presets of the mixer. */
  hearOnly(names: readonly SourceName[]): void {
    this.setSources(onlyHeard(this.state.sources, names));
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.turn += 1;
    this.context.removeEventListener("statechange", this.onContextState);
    document.removeEventListener("visibilitychange", this.onVisibility);
    clearInterval(this.timer);
    this.timer = undefined;
    this.stopSound();
    this.listeners.clear();
    if (this.context.state !== "closed") await this.context.close();
  }

  /** A call or another app takes the sound away: the clock stands still, and so does the song. */
  private readonly onContextState = (): void => {
    if (this.context.state !== "running") this.pause();
  };

  /** A tab that is hidden is woken seldom: what it needs until then is handed over now. */
  private readonly onVisibility = (): void => {
    if (this.state.isPlaying) this.tick();
  };

  private setSources(sources: Sources): void {
    this.update({ sources });
    this.gains.apply(sources);
  }

  private placeClicks(): void {
    const { beats, beatNumbers } = this.grid;
    this.clicks = clicksOf(beats, beatNumbers, this.state.clickDivision);
    this.reschedule();
  }

  /** Clicks bars in the song's tempo; returns when the song begins. */
  private countIn(from: number, start: number, bars: number): number {
    const beat = Math.round(beatAt(this.grid, from));
    const beatSeconds =
      (secondsAt(this.grid, beat + 1) - secondsAt(this.grid, beat)) / this.state.rate;
    const inBar = beatsPerBar(this.grid);
    for (let i = 0; i < bars * inBar; i += 1) {
      const accent = i % inBar === 0 ? "downbeat" : "beat";
      this.voices.click(accent, start + i * beatSeconds, true);
    }
    return start + bars * inBar * beatSeconds;
  }

  private startAt(positionSeconds: number, contextSeconds: number): void {
    const { rate, loop } = this.state;
    this.anchor = { contextSeconds, positionSeconds, rate, loop };
    this.scheduledUntil = contextSeconds;
    const isLooped = loop !== null && positionSeconds < loop.endSeconds;
    void this.stretch?.schedule({
      output: contextSeconds,
      outputTime: contextSeconds,
      active: true,
      input: positionSeconds,
      rate,
      loopStart: isLooped ? loop.startSeconds : 0,
      loopEnd: isLooped ? loop.endSeconds : 0,
    });
    this.tick();
  }

  private restartAt(positionSeconds: number): void {
    this.voices.stop();
    this.startAt(positionSeconds, this.context.currentTime + START_DELAY_SECONDS / 3);
  }

  private stopSound(): void {
    const now = this.context.currentTime;
    void this.stretch?.schedule({ output: now, outputTime: now, active: false });
    this.voices.stop();
  }

  private reschedule(): void {
    if (!this.state.isPlaying) return;
    this.voices.stop();
    this.scheduledUntil = Math.max(this.context.currentTime, this.anchor.contextSeconds);
    this.tick();
  }

  /** Hands the strokes and clicks of the next moment to the context; ends at the end. */
  private tick(): void {
    const now = this.context.currentTime;
    const ahead = document.hidden ? AHEAD_HIDDEN_SECONDS : AHEAD_SECONDS;
    const until = now + ahead;
    if (until > this.scheduledUntil) {
      const from = Math.max(this.scheduledUntil, now - MOST_LATE_SECONDS);
      this.scheduledUntil = until;
      for (const { index, contextSeconds } of occurrences(this.anchor, this.hitTimes, from, until)) {
        const hit = this.hits[index] as PlayedHit;
        if (isDrumHeard(this.state.kit, hit.instrument)) this.voices.strike(hit, contextSeconds);
      }
      const { times, accents } = this.clicks;
      for (const { index, contextSeconds } of occurrences(this.anchor, times, from, until)) {
        this.voices.click(accents[index] ?? "beat", contextSeconds);
      }
    }
    if (!this.state.isPlaying) return;
    if (this.state.isCountingIn && now >= this.anchor.contextSeconds) {
      this.update({ isCountingIn: false });
    }
    this.train();
    // The last bar may end after the recording; in a loop it is waited for, as in any other bar.
    if (!activeLoop(this.anchor) && this.position() >= this.state.durationSeconds) {
      this.pause();
      this.seek(0);
    }
  }

  /** Faster, if the trainer has heard its rounds. */
  private train(): void {
    const { trainer, rate } = this.state;
    if (!trainer) return;
    // Heard, not computed: what restarts does so where the ear is.
    const next = trainedRate(trainer, rate, roundsAt(this.anchor, this.heardContextSeconds()));
    if (next !== rate) this.setRate(next);
  }

  private update(change: Partial<PlayerState>): void {
    this.state = { ...this.state, ...change };
    this.notify();
  }

  private notify(): void {
    for (const listener of this.listeners) listener();
  }
}
