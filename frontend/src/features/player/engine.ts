import type { Instrument } from "@/api/client";
import type { BeatGrid } from "@/music/beatGrid";
import type { Loop } from "@/music/loop";
import type { PlayedHit } from "./kitVoices";
import { ToldState, type PlayerState } from "./playerState";
import type { Recording } from "./recording";
import { Sounding } from "./sounding";
import {
  MAX_RATE, MIN_RATE, trainedRate,
  type ClickDivision, type CountInBars, type DrumMix, type Practice, type Trainer,
} from "./practice";
import { heardAsBefore, onlyHeard, SourceGains, type SourceName, type Sources, type SourceState } from "./sources";

const TICK_MILLISECONDS = 60;

/**
 * Plays a recording, its stems, the transcription on a synthesised kit and a click, all on the
 * clock of one audio context (see transport.ts).
 */
export class PlayerEngine {
  private readonly told = new ToldState();
  private readonly gains: SourceGains;
  private readonly sounding: Sounding;
  private timer: ReturnType<typeof setInterval> | undefined;
  /** The start that waits for the device. It gives way to what is asked later. */
  private starting: object | null = null;
  private isClosed = false;

  constructor(readonly context: AudioContext) {
    this.gains = new SourceGains(context);
    this.sounding = new Sounding(context, this.gains);
    this.gains.apply(this.state.sources, 0);
    context.addEventListener("statechange", this.onContextState);
    document.addEventListener("visibilitychange", this.onVisibility);
  }

  readonly subscribe = (listener: () => void): (() => void) => this.told.subscribe(listener);

  readonly snapshot = (): PlayerState => this.state;

  /**
   * Takes the sound; its samples move to the audio thread and are gone from here. Where there is
   * none, the kit is what can be heard. May come while the kit plays already.
   */
  async setRecording(recording: Recording): Promise<void> {
    if (recording.channels.flat().length === 0) return this.hearOnly(["kit"]);
    const node = await this.sounding.prepare(recording);
    if (this.isClosed) return;
    // What was there before is heard until now.
    this.sounding.use(node, recording);
    this.setSources(heardAsBefore(this.state.sources, this.state.stems, recording.stems));
    this.update({ stems: recording.stems, durationSeconds: recording.durationSeconds });
    this.restartHere();
  }

  /** What the kit plays, by time; may change while it plays. */
  setHits(hits: readonly PlayedHit[], durationSeconds: number): void {
    this.sounding.schedule.setHits(hits);
    if (this.state.durationSeconds === 0) this.update({ durationSeconds });
    this.reschedule();
  }

  setGrid(grid: BeatGrid): void {
    this.sounding.schedule.setGrid(grid, this.state.clickDivision);
    this.reschedule();
  }

  /** The place in the recording that is heard now (not: computed now). */
  position(): number {
    return this.state.isPlaying ? this.sounding.heardAt : this.sounding.from;
  }

  async play(): Promise<void> {
    if (this.state.isPlaying) return;
    const start = (this.starting = {});
    try {
      if (this.context.state !== "running") await this.context.resume();
    } catch {
      // The system keeps the sound for itself (a call); it can be pressed again.
      if (this.starting === start) this.starting = null;
    }
    if (this.starting !== start) return;
    this.starting = null;
    let { from } = this.sounding;
    const { loop, durationSeconds } = this.state;
    if (loop && (from < loop.startSeconds || from >= loop.endSeconds)) from = loop.startSeconds;
    else if (from >= durationSeconds - 0.05) from = 0;
    this.sounding.start(from, this.state);
    this.tick();
    this.update({ isPlaying: true, isCountingIn: this.state.countInBars > 0 });
    this.timer ??= setInterval(() => this.tick(), TICK_MILLISECONDS);
  }

  pause(): void {
    this.starting = null;
    this.stand();
  }

  private stand(): void {
    if (!this.state.isPlaying) return;
    const at = this.position();
    clearInterval(this.timer);
    this.timer = undefined;
    this.sounding.stop();
    this.sounding.from = at;
    this.update({ isPlaying: false, isCountingIn: false });
  }

  /** The last press counts, while the device wakes up too. */
  toggle(): void {
    if (this.state.isPlaying || this.starting) this.pause();
    else void this.play();
  }

  seek(positionSeconds: number): void {
    const to = Math.min(Math.max(0, positionSeconds), this.state.durationSeconds);
    if (this.state.isPlaying) this.restartAt(to);
    else this.sounding.from = to;
    this.told.tell();
  }

  setRate(rate: number): void {
    const next = Math.min(MAX_RATE, Math.max(MIN_RATE, rate));
    this.update({ rate: next });
    this.restartHere();
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
    this.restartHere();
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
    this.starting = null;
    this.context.removeEventListener("statechange", this.onContextState);
    document.removeEventListener("visibilitychange", this.onVisibility);
    clearInterval(this.timer);
    this.timer = undefined;
    this.sounding.stop();
    this.told.close();
    if (this.context.state !== "closed") await this.context.close();
  }

  /** A call or another app takes the sound away: the clock stands still, and so does the song. */
  private readonly onContextState = (): void => {
    if (this.context.state !== "running") this.stand();
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
    this.sounding.schedule.setClickDivision(this.state.clickDivision);
    this.reschedule();
  }

  private restartHere(): void {
    if (this.state.isPlaying) this.restartAt(this.position());
  }

  private restartAt(positionSeconds: number): void {
    this.sounding.jumpTo(positionSeconds, this.state);
    this.tick();
  }

  private reschedule(): void {
    if (!this.state.isPlaying) return;
    this.sounding.handOverAgain();
    this.tick();
  }

  /** Hands over the next moment; ends at the end. */
  private tick(): void {
    this.sounding.handOver(this.state.kit);
    if (!this.state.isPlaying) return;
    if (this.state.isCountingIn && this.sounding.hasBegun) {
      this.update({ isCountingIn: false });
    }
    this.train();
    // The last bar may end after the recording; in a loop it is waited for, as in any other bar.
    if (!this.sounding.isLooping && this.position() >= this.state.durationSeconds) {
      this.pause();
      this.seek(0);
    }
  }

  /** Faster, if the trainer has heard its rounds. */
  private train(): void {
    const { trainer, rate } = this.state;
    if (!trainer) return;
    // Heard, not computed: what restarts does so where the ear is.
    const next = trainedRate(trainer, rate, this.sounding.rounds);
    if (next !== rate) this.setRate(next);
  }

  private get state(): PlayerState {
    return this.told.now;
  }

  private update(change: Partial<PlayerState>): void {
    this.told.change(change);
  }
}
