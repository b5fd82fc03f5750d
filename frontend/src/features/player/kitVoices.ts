import type { Articulation, Instrument } from "@/api/client";
import type { ClickAccent } from "./practice";
import { gainOf, isHat, renderClick, renderKitSound, soundOf, type KitSound } from "./kitSounds";

export interface PlayedHit {
  time: number;
  instrument: Instrument;
  velocity: number;
  articulation: Articulation | null;
}

interface Sounding {
  node: AudioBufferSourceNode;
  gain: GainNode;
  startsAt: number;
}

const PAN: Partial<Record<KitSound, number>> = {
  hat: 0.25, "hat-foot": 0.25, "hat-half": 0.25, "hat-open": 0.25, ride: -0.35,
  "ride-bell": -0.35, crash: 0.4, "crash-2": -0.45, splash: 0.1, china: -0.5, "tom-high": 0.2, "tom-mid": -0.1,
  "tom-low": -0.4,
};
const CLICK_LEVEL = 0.8;
/** Clicks between the beats lead the ear, and leave the beat to the beats. */
const BETWEEN_LEVEL = 0.3;
const FLAM_SECONDS = 0.03;
const CHOKE_SECONDS = 0.02;

/** The synthesised kit and the click as voices of an audio context. */
export class KitVoices {
  private readonly buffers = new Map<string, AudioBuffer>();
  private readonly sounding = new Set<Sounding>();
  private openHats: Sounding[] = [];

  constructor(
    private readonly context: AudioContext,
    private readonly kitOut: AudioNode,
    private readonly clickOut: AudioNode,
  ) {}

  strike(hit: PlayedHit, at: number): void {
    const sound = soundOf(hit.instrument, hit.articulation);
    if (isHat(sound)) this.choke(at);
    const level = gainOf(hit.velocity);
    if (hit.articulation === "flam") this.start(sound, at - FLAM_SECONDS, 0.35 * level);
    if (hit.articulation === "drag") {
      this.start(sound, at - 2 * FLAM_SECONDS, 0.3 * level);
      this.start(sound, at - FLAM_SECONDS, 0.35 * level);
    }
    const voice = this.start(sound, at, level);
    if (sound === "hat-open" || sound === "hat-half") this.openHats.push(voice);
  }

  /** isAlways: sounds even while the click is off (the count-in). */
  click(accent: ClickAccent, at: number, isAlways = false): void {
    const isDownbeat = accent === "downbeat";
    const name = isDownbeat ? "click-high" : "click-low";
    const buffer = this.buffer(name, (rate) => renderClick(isDownbeat, rate));
    const level = accent === "between" ? BETWEEN_LEVEL : CLICK_LEVEL;
    this.startBuffer(buffer, at, level, isAlways ? this.context.destination : this.clickOut, 0);
  }

  /** Silences everything, what has begun with a short fade. */
  stop(): void {
    const now = this.context.currentTime;
    for (const voice of this.sounding) this.end(voice, now);
    this.sounding.clear();
    this.openHats = [];
  }

  private choke(at: number): void {
    for (const voice of this.openHats) this.end(voice, at);
    this.openHats = [];
  }

  private end(voice: Sounding, at: number): void {
    const from = Math.max(at, voice.startsAt);
    voice.gain.gain.setTargetAtTime(0, from, CHOKE_SECONDS / 3);
    voice.node.stop(from + 2 * CHOKE_SECONDS);
  }

  private start(sound: KitSound, at: number, level: number): Sounding {
    const buffer = this.buffer(sound, (rate) => renderKitSound(sound, rate));
    return this.startBuffer(buffer, at, level, this.kitOut, PAN[sound] ?? 0);
  }

  private startBuffer(
    buffer: AudioBuffer, at: number, level: number, out: AudioNode, pan: number,
  ): Sounding {
    const startsAt = Math.max(at, this.context.currentTime);
    const node = new AudioBufferSourceNode(this.context, { buffer });
    const gain = new GainNode(this.context, { gain: level });
    const panner = new StereoPannerNode(this.context, { pan });
    node.connect(gain).connect(panner).connect(out);
    const voice = { node, gain, startsAt };
    this.sounding.add(voice);
    node.addEventListener("ended", () => {
      this.sounding.delete(voice);
      panner.disconnect();
    });
    node.start(startsAt);
    return voice;
  }

  private buffer(name: string, render: (rate: number) => Float32Array<ArrayBuffer>): AudioBuffer {
    let buffer = this.buffers.get(name);
    if (!buffer) {
      const samples = render(this.context.sampleRate);
      buffer = new AudioBuffer({ length: samples.length, sampleRate: this.context.sampleRate });
      buffer.copyToChannel(samples, 0);
      this.buffers.set(name, buffer);
    }
    return buffer;
  }
}
