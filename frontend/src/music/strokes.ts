import type { Articulation, Hit, Instrument } from "@/api/client";
import { INSTRUMENTS } from "./staffOrder";

/** A stroke that has no place in a score yet, and therefore no id. */
export type Stroke = Omit<Hit, "id">;

/** Strokes that are nearer to each other may be one that is heard twice, or meant together. */
export const SAME_STROKE_SECONDS = 0.045;

const heightOf = ({ instrument }: Hit): number => INSTRUMENTS.indexOf(instrument);

/** By time, then from the top of the staff down. */
export function inOrder(a: Hit, b: Hit): number {
  return a.time - b.time || heightOf(a) - heightOf(b) || a.id - b.id;
}

/** The strokes as the service takes them. */
export const plain = (hits: readonly Hit[]): Hit[] =>
  hits.map(({ id, time, instrument, velocity, confidence, articulation, sticking }) => ({
    id, time, instrument, velocity, confidence, articulation, ...(sticking ? { sticking } : {}),
  }));

/** What can sound once only at a time: cymbals that are said as ways to strike a crash sound beside it, and the foot beside the hand. */
export type Drum = Instrument | (typeof BESIDE)[number];

const BESIDE = ["crash-2", "splash", "china", "pedal"] as const;

export const drumOf = ({ instrument, articulation }: Pick<Hit, "instrument" | "articulation">): Drum => {
  if (instrument === "hihat_open") return articulation === "splash" ? "pedal" : instrument;
  return BESIDE.find((drum) => drum === articulation) ?? instrument;
};

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
      return [null, "accent", "choke", "crash-2", "splash", "china"];
    case "kick":
      return [null, "ghost", "accent", "flam"];
    default:
      return [null, "ghost", "accent", "flam", "drag", "roll"];
  }
}
