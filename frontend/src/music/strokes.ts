import type { Articulation, Hit, Instrument } from "@/api/client";
import { INSTRUMENTS } from "./staffOrder";

/** A stroke that has no place in a score yet, and therefore no id. */
export type Stroke = Omit<Hit, "id">;

const heightOf = ({ instrument }: Hit): number => INSTRUMENTS.indexOf(instrument);

/** By time, then from the top of the staff down. */
export function inOrder(a: Hit, b: Hit): number {
  return a.time - b.time || heightOf(a) - heightOf(b) || a.id - b.id;
}

/** The strokes as the service takes them. */
export const plain = (hits: readonly Hit[]): Hit[] =>
  hits.map(({ id, time, instrument, velocity, confidence, articulation }) => ({
    id, time, instrument, velocity, confidence, articulation,
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
      return [null, "ghost", "accent", "flam"];
    default:
      return [null, "ghost", "accent", "flam", "drag", "roll"];
  }
}
