import { describe, expect, it } from "vitest";
import { gainOf, isHat, renderClick, renderKitSound, soundOf, type KitSound } from "./kitSounds";
import { channelsThatFit, peaksOf } from "./waveform";

const SOUNDS: KitSound[] = [
  "kick", "snare", "cross-stick", "rimshot", "hat", "hat-foot", "hat-half", "hat-open", "ride",
  "ride-bell", "crash", "crash-2", "splash", "china", "tom-high", "tom-mid", "tom-low",
];
const RATE = 44100;

/** How often a sound crosses zero in 50 ms: a rough pitch. */
function crossings(samples: Float32Array, fromSeconds = 0): number {
  const part = samples.subarray(fromSeconds * RATE, (fromSeconds + 0.05) * RATE);
  return part.filter((value, i) => i > 0 && value >= 0 !== (part[i - 1] as number) >= 0).length;
}

describe("renderKitSound", () => {
  it.each(SOUNDS)("%s starts at once, stays in range and ends in silence", (sound) => {
    const samples = renderKitSound(sound, RATE);
    let loudest = 0;
    let attack = 0;
    expect(samples.every(Number.isFinite)).toBe(true);
    samples.forEach((value, i) => {
      if (i < 0.02 * RATE) attack = Math.max(attack, Math.abs(value));
      loudest = Math.max(loudest, Math.abs(value));
    });
    expect(loudest).toBeLessThanOrEqual(0.96);
    expect(attack).toBeGreaterThan(0.5 * loudest);
    expect(Math.abs(samples.at(-1) as number)).toBeLessThan(0.01);
  });

  it("is the same every time", () => {
    expect(renderKitSound("snare", RATE)).toEqual(renderKitSound("snare", RATE));
  });

  it("orders the kit by pitch: kick below toms below hats", () => {
    const pitches = (["kick", "tom-low", "tom-mid", "tom-high", "hat"] as const).map((sound) =>
      crossings(renderKitSound(sound, RATE), 0.06),
    );
    expect([...pitches].sort((a, b) => a - b)).toEqual(pitches);
  });

  it("lets open hats ring longer than closed ones", () => {
    const open = renderKitSound("hat-open", RATE);
    expect(open.length).toBeGreaterThan(3 * renderKitSound("hat", RATE).length);
    expect([soundOf("hihat_open", null), soundOf("hihat_closed", "pedal")].every(isHat)).toBe(true);
  });
});

it("velocity is heard as loudness", () => {
  expect(gainOf(1)).toBe(1);
  expect(gainOf(0.2)).toBeLessThan(0.1);
  expect(gainOf(0.8)).toBeGreaterThan(gainOf(0.5));
});

it("the first click of a bar is higher", () => {
  expect(crossings(renderClick(true, RATE))).toBeGreaterThan(crossings(renderClick(false, RATE)));
});

it("peaks hold the extremes of their columns", () => {
  const { low, high, durationSeconds } = peaksOf([Float32Array.of(0, 0.5, -1, 0.25)], 2, 2);
  expect([...low]).toEqual([0, -1]);
  expect([...high]).toEqual([0.5, 0.25]);
  expect(durationSeconds).toBe(2);
});

it("a long song is kept in mono, and without stems where even that is too much", () => {
  expect(channelsThatFit(240, 2, 44100, 400e6)).toBe(2);
  expect(channelsThatFit(900, 2, 44100, 400e6)).toBe(1);
  expect(channelsThatFit(900, 2, 44100, 200e6)).toBe(0);
});
