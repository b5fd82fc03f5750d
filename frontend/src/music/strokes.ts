import type { Articulation, Hit, Instrument } from "@/api/client";
import { INSTRUMENTS } from "./instruments";

/** A stroke while it is edited: `key` stays the same whatever happens to it. */
export interface EditHit extends Hit {
  key: number;
}

/** Of the drum grid, from top to bottom. */
export const LANES = INSTRUMENTS;

export const laneOf = (hit: Hit): number => LANES.indexOf(hit.instrument);

/** By time, then as the lanes lie. */
export function inOrder(a: EditHit, b: EditHit): number {
  return a.time - b.time || laneOf(a) - laneOf(b) || a.key - b.key;
}

/** The strokes as the service takes them. */
export const plain = (hits: readonly EditHit[]): Hit[] =>
  hits.map(({ time, instrument, velocity, confidence, articulation }) => ({
    time, instrument, velocity, confidence, articulation,
  }));

/** Which sounds a lane can make, the plain one first. */
export function articulationsOf(instrument: Instrument): readonly (Articulation | null)[] {
  switch (instrument) {
    case "snare":
      return [null, "ghost", "accent", "flam", "drag", "roll", "cross-stick", "rimshot"];
    case "hihat_closed":
      return [null, "accent", "pedal"];
    case "hihat_open":
      return [null, "accent", "half-open"];
    case "ride":
      return [null, "accent", "ride-bell"];
    case "crash":
      return [null, "accent", "choke", "splash", "china"];
    case "kick":
      return [null, "accent"];
    default:
      return [null, "ghost", "accent", "flam", "drag", "roll"];
  }
}
