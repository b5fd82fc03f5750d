import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { PlayerEngine } from "./engine";
import type { PlayedHit } from "./kitVoices";
import { FIRST_PRACTICE } from "./practice";
import type { Recording } from "./recording";

const stretch = vi.hoisted(() => ({ schedule: vi.fn() }));
// The time stretcher is WebAssembly on the audio thread; the browser tests listen to it.
vi.mock("./stretch", () => ({
  createStretchNode: async () => ({
    schedule: stretch.schedule,
    addBuffers: async () => 0,
    connect: () => undefined,
    disconnect: () => undefined,
  }),
}));

class Node {
  readonly gain = { setTargetAtTime: () => undefined };
  connect(next: unknown) {
    return next;
  }
  disconnect() {}
}

/** Starts of strokes and clicks, in the context's time. */
let started: number[] = [];

class SourceNode extends Node {
  start(at: number) {
    started.push(at);
  }
  stop() {}
  addEventListener() {}
}

/** A device whose clock the test turns. */
class Device extends EventTarget {
  currentTime = 0;
  state = "suspended";
  readonly sampleRate = 8000;
  readonly outputLatency = 0;
  readonly baseLatency = 0;
  readonly destination = new Node();
  resume = vi.fn(async () => this.become("running"));
  close = vi.fn(async () => this.become("closed"));
  createGain = () => new Node();
  createChannelSplitter = () => new Node();
  createChannelMerger = () => new Node();
  become(state: string) {
    this.state = state;
    this.dispatchEvent(new Event("statechange"));
  }
}

const strokes: PlayedHit[] = Array.from({ length: 40 }, (_, i) => ({
  time: i / 4, instrument: "snare", velocity: 0.8, articulation: null,
}));
const recording = (over: Partial<Recording> = {}): Recording => ({
  stems: ["recording"],
  channels: [[new Float32Array(8)]],
  sampleRate: 8000,
  durationSeconds: 10,
  peaks: { low: new Float32Array(1), high: new Float32Array(1), durationSeconds: 10 },
  isReduced: false,
  ...over,
});

let device: Device;
let engine: PlayerEngine;

function pass(seconds: number) {
  for (let left = seconds; left > 1e-9; left -= 0.06) {
    device.currentTime += Math.min(0.06, left);
    vi.advanceTimersByTime(60);
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  started = [];
  stretch.schedule.mockClear();
  vi.stubGlobal("AudioBufferSourceNode", SourceNode);
  vi.stubGlobal("GainNode", Node);
  vi.stubGlobal("StereoPannerNode", Node);
  vi.stubGlobal("AudioBuffer", class { copyToChannel() {} });
  device = new Device();
  engine = new PlayerEngine(device as unknown as AudioContext);
  engine.setHits(strokes, 10);
});
afterEach(async () => {
  await engine.close();
  vi.useRealTimers();
});

describe("PlayerEngine", () => {
  it("a recording that comes while it plays is heard from where it is", async () => {
    await engine.play();
    pass(2.15);
    await engine.setRecording(recording());
    expect(stretch.schedule).toHaveBeenLastCalledWith(
      expect.objectContaining({ active: true, input: expect.closeTo(2, 5) }),
    );
  });

  it("without a recording the transcription is heard, for as long as the song lasts", async () => {
    await engine.setRecording(recording({ stems: [], channels: [], durationSeconds: 0 }));
    expect(engine.snapshot().sources.kit.isMuted).toBe(false);
    await engine.play();
    pass(5);
    expect([engine.snapshot().isPlaying, engine.snapshot().durationSeconds]).toEqual([true, 10]);
  });

  it("a loop whose last bar ends after the recording goes round", async () => {
    engine.setLoop({ startSeconds: 8, endSeconds: 10.5 });
    await engine.play();
    pass(0.15 + 2.5 + 1);
    expect(engine.snapshot().isPlaying).toBe(true);
    expect(engine.position()).toBeCloseTo(9);
  });

  it("stops at the end and goes back to the beginning", async () => {
    engine.seek(9);
    await engine.play();
    pass(1.3);
    expect([engine.snapshot().isPlaying, engine.position()]).toEqual([false, 0]);
  });

  it("pauses where it is when the system takes the sound away", async () => {
    await engine.play();
    pass(3.15);
    device.become("interrupted");
    expect([engine.snapshot().isPlaying, engine.position()]).toEqual([false, expect.closeTo(3)]);
    await engine.play();
    pass(1.15);
    expect(engine.position()).toBeCloseTo(4);
  });

  it("pressed twice before the device wakes up starts once", async () => {
    engine.setCountIn(1);
    await Promise.all([engine.play(), engine.play()]);
    // One count of a bar of one beat, not two.
    expect(started).toHaveLength(1);
    expect(engine.snapshot().isPlaying).toBe(true);
  });

  it("begins only where the last press before the device wakes up wants it to", async () => {
    let wakeUp = () => {};
    device.resume.mockImplementation(() => new Promise<void>((resolve) => (wakeUp = resolve)));
    for (const [presses, isPlaying] of [[2, false], [3, true]] as const) {
      device.state = "suspended";
      for (let press = 0; press < presses; press += 1) engine.toggle();
      device.become("running");
      wakeUp();
      await vi.advanceTimersByTimeAsync(0);
      expect(engine.snapshot().isPlaying).toBe(isPlaying);
    }
  });

  it("is not begun by a start that was taken back by a pause", async () => {
    const playing = engine.play();
    engine.pause();
    await playing;
    expect(engine.snapshot().isPlaying).toBe(false);
  });

  it("can be pressed again where the device does not wake up", async () => {
    device.resume.mockRejectedValueOnce(new DOMException("In a call.", "InvalidStateError"));
    await engine.play();
    expect(engine.snapshot().isPlaying).toBe(false);
    await engine.play();
    expect(engine.snapshot().isPlaying).toBe(true);
  });

  it("closed while the device wakes up it leaves no clock running", async () => {
    const playing = engine.play();
    await engine.close();
    await playing;
    expect(vi.getTimerCount()).toBe(0);
  });

  it("strokes that a busy page is late for are left out, not struck all at once", async () => {
    await engine.play();
    started = [];
    device.currentTime += 5;
    vi.advanceTimersByTime(60);
    const now = device.currentTime;
    expect(started.filter((at) => at <= now).length).toBeLessThanOrEqual(1);
    expect(started.some((at) => at > now)).toBe(true);
  });

  it("trainer makes the loop faster every second time, until its goal", async () => {
    engine.setRate(0.5);
    engine.setLoop({ startSeconds: 1, endSeconds: 2 });
    engine.setTrainer({ stepPercent: 10, everyLoops: 2, toPercent: 85 });
    engine.seek(1);
    await engine.play();
    // Sound begins a moment after the button.
    pass(0.15);
    const rates = [];
    for (let loops = 0; loops < 8; loops += 1) {
      pass(1 / engine.snapshot().rate + 0.06);
      rates.push(Math.round(engine.snapshot().rate * 100));
    }
    expect(rates.at(-1)).toBe(85);
    expect(rates.slice(0, 4)).toEqual([50, 60, 60, 70]);
    expect(engine.position()).toBeGreaterThanOrEqual(1);
    expect(engine.position()).toBeLessThan(2);
  });

  it("two bars are counted in, and only what is on solo is played", async () => {
    engine.restore({
      ...FIRST_PRACTICE, countInBars: 2, kit: { kick: { isMuted: false, isSolo: true } },
    });
    await engine.play();
    // A bar of this grid has one beat; the strokes are all of the snare.
    expect(started).toHaveLength(2);
    expect(engine.snapshot().isCountingIn).toBe(true);
  });
});
