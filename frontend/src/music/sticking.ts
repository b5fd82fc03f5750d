import type { Hit } from "@/api/client";
import { SAME_STROKE_SECONDS } from "./strokes";
import { INSTRUMENTS } from "./staffOrder";

/** Which hand or foot plays a stroke. */
export type Sticking = NonNullable<Hit["sticking"]>;

export const HANDS = ["right", "left", "both"] as const satisfies readonly Sticking[];

/** As it stands below the staff, in every language. */
export const HAND_LETTERS: Readonly<Record<Sticking, string>> = { right: "R", left: "L", both: "B" };

export const handOf = (hit: Pick<Hit, "sticking">): Sticking | null => hit.sticking ?? null;

const OTHER = { right: "left", left: "right" } as const;
// A softer stroke so soon before one of the same drum is the small note of a flam or drag.
const SOFTER = 0.7;

const isByFoot = ({ instrument, articulation }: Hit): boolean => instrument === "kick" || articulation === "pedal";

/** What strikes, of what was said; null where nothing was. */
export type Limb = `${Sticking}_${"hand" | "foot"}`;

export function limbOf(hit: Hit): Limb | null {
  const hand = handOf(hit);
  return hand && `${hand}_${isByFoot(hit) ? "foot" : "hand"}`;
}

/** Whether two strokes are one turn: hands that strike together, or a flam. */
function isOneTurn(turn: readonly Hit[], next: Hit): boolean {
  const first = turn[0];
  if (!first || next.time - first.time >= SAME_STROKE_SECONDS) return false;
  return turn.every((hit) => hit.instrument !== next.instrument || hit.velocity < SOFTER * next.velocity);
}

/** The stroke that a turn is counted by: the highest on the staff, and the last one of its drum. */
const mainOf = (turn: readonly Hit[]): Hit | undefined =>
  INSTRUMENTS.map((instrument) => turn.findLast((hit) => hit.instrument === instrument)).find((hit) => hit !== undefined);

function inTurn(hits: readonly Hit[], first: "right" | "left"): ReadonlyMap<number, Sticking> {
  const feet = hits.filter(isByFoot);
  const played = feet.length === hits.length ? feet : hits.filter((hit) => !isByFoot(hit));
  const turns: Hit[][] = [];
  for (const hit of [...played].sort((a, b) => a.time - b.time)) {
    const turn = turns.at(-1);
    if (turn && isOneTurn(turn, hit)) turn.push(hit);
    else turns.push([hit]);
  }
  return new Map(
    turns.flatMap((turn, index) => {
      const hand = index % 2 === 0 ? first : OTHER[first];
      const main = mainOf(turn);
      return turn.map((hit) => [hit.id, hit === main ? hand : OTHER[hand]] as const);
    }),
  );
}

/**
 * Right and left in turn over some strokes, by their ids; where they stand so already, left first.
 *
 * What is struck together is one turn: its highest drum has the hand whose turn it is, the others the
 * other one; so has the small note of a flam. Feet are left out, unless only feet play.
 */
export function alternating(hits: readonly Hit[]): ReadonlyMap<number, Sticking> {
  const rightFirst = inTurn(hits, "right");
  const isSo = hits.every((hit) => !rightFirst.has(hit.id) || handOf(hit) === rightFirst.get(hit.id));
  return isSo ? inTurn(hits, "left") : rightFirst;
}

/** The hand for all of them, or none if all have it already. */
export const toggledHand = (hits: readonly Hit[], hand: Sticking): Sticking | null =>
  hits.length > 0 && hits.every((hit) => handOf(hit) === hand) ? null : hand;
