import { KitSchedule } from "./kitSchedule";
import { KitVoices } from "./kitVoices";
import type { Practice } from "./practice";
import type { Recording } from "./recording";
import { RecordingSound } from "./recordingSound";
import type { SourceGains } from "./sources";
import type { StretchNode } from "./stretch";
import { activeLoop, positionAt, roundsAt, type Anchor } from "./transport";

/** The stretcher needs its own latency in advance, or it begins with a blur. */
const START_DELAY_SECONDS = 0.15;
/** A jump must not be heard as a pause. */
const JUMP_DELAY_SECONDS = 0.05;

/** What sounds together: the recording, the kit and the click, from one place of the song on. */
export class Sounding {
  readonly schedule: KitSchedule;
  private readonly voices: KitVoices;
  private readonly recording: RecordingSound;
  private anchor: Anchor = { contextSeconds: 0, positionSeconds: 0, rate: 1, loop: null };

  constructor(
    private readonly context: AudioContext,
    gains: SourceGains,
  ) {
    this.voices = new KitVoices(context, gains.of("kit"), gains.of("click"));
    this.schedule = new KitSchedule(context, this.voices);
    this.recording = new RecordingSound(context, gains);
  }

  /** Where it begins, or stands while nothing sounds. */
  get from(): number {
    return this.anchor.positionSeconds;
  }

  set from(positionSeconds: number) {
    this.anchor = { ...this.anchor, positionSeconds };
  }

  /** The place that is heard now (not: computed now). */
  get heardAt(): number {
    return positionAt(this.anchor, this.heardContextSeconds());
  }

  /** How often the loop was heard. */
  get rounds(): number {
    return roundsAt(this.anchor, this.heardContextSeconds());
  }

  /** Whether a loop brings it back before the end. */
  get isLooping(): boolean {
    return activeLoop(this.anchor) !== null;
  }

  /** Whether the clicks of the count-in are over. */
  get hasBegun(): boolean {
    return this.context.currentTime >= this.anchor.contextSeconds;
  }

  prepare(recording: Recording): Promise<StretchNode> {
    return this.recording.prepare(recording);
  }

  use(node: StretchNode, recording: Recording): void {
    this.recording.use(node, recording);
  }

  /** Begins, after the clicks of the count-in. */
  start(positionSeconds: number, practice: Practice): void {
    const { countInBars, rate } = practice;
    let at = this.context.currentTime + START_DELAY_SECONDS;
    if (countInBars > 0) at = this.schedule.countIn(positionSeconds, at, countInBars, rate);
    this.startAt(positionSeconds, at, practice);
  }

  jumpTo(positionSeconds: number, practice: Practice): void {
    this.voices.stop();
    this.startAt(positionSeconds, this.context.currentTime + JUMP_DELAY_SECONDS, practice);
  }

  /** Strokes and clicks that were handed over already are others by now. */
  handOverAgain(): void {
    this.voices.stop();
    this.schedule.beginAt(Math.max(this.context.currentTime, this.anchor.contextSeconds));
  }

  handOver(kit: Practice["kit"]): void {
    this.schedule.handOver(this.anchor, kit);
  }

  stop(): void {
    this.recording.stop();
    this.voices.stop();
  }

  private startAt(positionSeconds: number, contextSeconds: number, { rate, loop }: Practice): void {
    this.anchor = { contextSeconds, positionSeconds, rate, loop };
    this.schedule.beginAt(contextSeconds);
    this.recording.start(this.anchor);
  }

  /** The context's time whose sound reaches the ear now. */
  private heardContextSeconds(): number {
    const { context } = this;
    return context.currentTime - (context.outputLatency || context.baseLatency || 0);
  }
}
