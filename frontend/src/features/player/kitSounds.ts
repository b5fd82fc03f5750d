import type { Articulation, Instrument } from "@/api/client";

/**
 * A drum kit out of sines and noise: no samples, so nothing to license and nothing to fetch.
 *
 * Every function is pure: the same rate gives the same samples (the noise is a fixed sequence).
 */

type Shape = (secondsFromAttack: number) => number;

const TWO_PI = 2 * Math.PI;

/** White noise in -1..1 from a linear congruential generator (Numerical Recipes). */
function noise(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 0x80000000 - 1;
  };
}

const decay =
  (seconds: number): Shape =>
  (t) =>
    Math.exp(-t / seconds);

/** A sine that falls from one pitch to another. */
function drop(from: number, to: number, fallSeconds: number): Shape {
  let phase = 0;
  let before = 0;
  return (t) => {
    const frequency = to + (from - to) * Math.exp(-t / fallSeconds);
    phase += TWO_PI * frequency * (t - before);
    before = t;
    return Math.sin(phase);
  };
}

/** Noise through a one-pole high-pass or low-pass (per sample, in order). */
function filteredNoise(seed: number, rate: number, lowHz: number, highHz: number): Shape {
  const next = noise(seed);
  const low = Math.exp((-TWO_PI * lowHz) / rate);
  const high = Math.exp((-TWO_PI * highHz) / rate);
  let slow = 0;
  let smooth = 0;
  return () => {
    const white = next();
    smooth = white * (1 - high) + smooth * high;
    slow = smooth * (1 - low) + slow * low;
    return smooth - slow;
  };
}

/** The metal of cymbals: squares at pitches that do not belong together, and noise. */
function metal(seed: number, rate: number, base: number, highPassHz: number): Shape {
  const ratios = [1, 1.342, 1.2312, 1.6532, 1.9523, 2.1523];
  const hiss = filteredNoise(seed, rate, highPassHz, rate / 2.2);
  const coefficient = Math.exp((-TWO_PI * highPassHz) / rate);
  let slow = 0;
  return (t) => {
    let sum = 0;
    for (const ratio of ratios) sum += Math.sign(Math.sin(TWO_PI * base * ratio * t));
    slow = sum * (1 - coefficient) + slow * coefficient;
    return 0.12 * (sum - slow) + 1.1 * hiss(t);
  };
}

function render(rate: number, seconds: number, sound: Shape, peak: number): Float32Array<ArrayBuffer> {
  const n = Math.round(seconds * rate);
  const out = new Float32Array(n);
  let loudest = 1e-9;
  for (let i = 0; i < n; i += 1) {
    // Half a millisecond to rise, the last hundredth to fall: no clicks of their own.
    const rise = Math.min(1, i / (0.0005 * rate));
    const fall = Math.min(1, (n - i) / (0.01 * n));
    const value = sound(i / rate) * rise * fall;
    out[i] = value;
    loudest = Math.max(loudest, Math.abs(value));
  }
  for (let i = 0; i < n; i += 1) out[i] = ((out[i] as number) * peak) / loudest;
  return out;
}

function tom(rate: number, pitch: number, seed: number): Float32Array<ArrayBuffer> {
  const body = drop(pitch * 1.6, pitch, 0.03);
  const skin = filteredNoise(seed, rate, 300, 3500);
  const ring = decay(0.22);
  const slap = decay(0.02);
  return render(rate, 0.8, (t) => body(t) * ring(t) + 0.5 * skin(t) * slap(t), 0.8);
}

function cymbal(
  rate: number, seed: number, base: number, highPassHz: number,
  seconds: number, ring: number, peak: number,
): Float32Array<ArrayBuffer> {
  const plate = metal(seed, rate, base, highPassHz);
  const long = decay(ring);
  const stick = decay(0.012);
  return render(rate, seconds, (t) => plate(t) * (0.75 * long(t) + 0.5 * stick(t)), peak);
}

/** One key per sound that differs to the ear; strokes that share one share its samples. */
export type KitSound =
  | "kick" | "snare" | "cross-stick" | "rimshot" | "hat" | "hat-foot" | "hat-half" | "hat-open"
  | "ride" | "ride-bell" | "crash" | "crash-2" | "splash" | "china" | "tom-high" | "tom-mid" | "tom-low";

export function soundOf(instrument: Instrument, articulation: Articulation | null): KitSound {
  switch (instrument) {
    case "kick":
      return "kick";
    case "snare":
      if (articulation === "cross-stick" || articulation === "rimshot") return articulation;
      return "snare";
    case "hihat_closed":
      return articulation === "pedal" ? "hat-foot" : "hat";
    case "hihat_open":
      return articulation === "half-open" ? "hat-half" : "hat-open";
    case "ride":
      return articulation === "ride-bell" ? "ride-bell" : "ride";
    case "crash":
      if (articulation === "crash-2" || articulation === "splash" || articulation === "china") return articulation;
      return "crash";
    case "tom_high":
      return "tom-high";
    case "tom_mid":
      return "tom-mid";
    case "tom_low":
      return "tom-low";
  }
}

/** Hats are one pair of cymbals: the next hat stroke ends an open one. */
export const isHat = (sound: KitSound): boolean => sound.startsWith("hat");

/** Samples of a sound, mono, loudest stroke; its attack is at the first sample. */
export function renderKitSound(sound: KitSound, rate: number): Float32Array<ArrayBuffer> {
  switch (sound) {
    case "kick": {
      const body = drop(150, 48, 0.028);
      const beater = filteredNoise(1, rate, 1200, 6000);
      const ring = decay(0.16);
      const knock = decay(0.004);
      return render(rate, 0.6, (t) => body(t) * ring(t) + 0.9 * beater(t) * knock(t), 0.95);
    }
    case "snare":
    case "rimshot": {
      const shell = drop(260, 186, 0.02);
      const wires = filteredNoise(2, rate, 900, 9000);
      const rim = sound === "rimshot" ? 0.5 : 0;
      const ring = decay(0.09);
      const rattle = decay(0.11);
      const crack = decay(0.02);
      return render(
        rate,
        0.5,
        (t) =>
          0.55 * shell(t) * ring(t) +
          1.4 * wires(t) * rattle(t) +
          rim * Math.sin(TWO_PI * 1050 * t) * crack(t),
        0.85,
      );
    }
    case "cross-stick": {
      const click = filteredNoise(3, rate, 1500, 7000);
      const wood = decay(0.02);
      const snap = decay(0.006);
      return render(
        rate,
        0.15,
        (t) => Math.sin(TWO_PI * 1650 * t) * wood(t) + 1.2 * click(t) * snap(t),
        0.6,
      );
    }
    case "hat":
      return cymbal(rate, 4, 320, 6500, 0.18, 0.025, 0.45);
    case "hat-foot":
      return cymbal(rate, 5, 300, 4500, 0.16, 0.02, 0.3);
    case "hat-half":
      return cymbal(rate, 6, 320, 6000, 0.6, 0.12, 0.45);
    case "hat-open":
      return cymbal(rate, 7, 320, 5500, 1.2, 0.32, 0.5);
    case "ride":
      return cymbal(rate, 8, 410, 5200, 1.8, 0.5, 0.4);
    case "ride-bell": {
      const plate = metal(9, rate, 560, 4000);
      const ring = decay(0.5);
      return render(
        rate,
        1.6,
        (t) => (0.7 * Math.sin(TWO_PI * 830 * t) + 0.4 * Math.sin(TWO_PI * 2190 * t) + 0.3 * plate(t)) * ring(t),
        0.45,
      );
    }
    case "crash":
      return cymbal(rate, 10, 260, 2600, 2.4, 0.75, 0.7);
    case "crash-2":
      return cymbal(rate, 16, 225, 2300, 2.7, 0.85, 0.7);
    case "splash":
      return cymbal(rate, 11, 380, 4200, 0.9, 0.22, 0.55);
    case "china":
      return cymbal(rate, 12, 190, 1900, 1.6, 0.42, 0.65);
    case "tom-high":
      return tom(rate, 168, 13);
    case "tom-mid":
      return tom(rate, 122, 14);
    case "tom-low":
      return tom(rate, 84, 15);
  }
}

/** Loudness of a stroke: 30 dB between the softest and the loudest, as hands have it. */
export const gainOf = (velocity: number): number =>
  Math.pow(10, (-30 * (1 - Math.min(1, Math.max(0, velocity)))) / 20);

/** A metronome's tick; the first beat of a bar is higher. */
export function renderClick(isDownbeat: boolean, rate: number): Float32Array<ArrayBuffer> {
  const pitch = isDownbeat ? 1760 : 1175;
  const short = decay(0.012);
  return render(rate, 0.06, (t) => Math.sin(TWO_PI * pitch * t) * short(t), 0.6);
}
