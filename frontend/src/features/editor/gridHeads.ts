import type { Hit } from "@/api/client";
import { HAND_LETTERS, handOf } from "@/music/sticking";

export const HEAD_RADIUS = 8;

/** A hollow dot. */
export function paintOffer(context: CanvasRenderingContext2D, x: number, y: number, colour: string): void {
  context.beginPath();
  context.arc(x, y, HEAD_RADIUS - 2, 0, 2 * Math.PI);
  context.strokeStyle = colour;
  context.lineWidth = 1.5;
  context.setLineDash([3, 2]);
  context.stroke();
  context.setLineDash([]);
}

/** A dot as large as the stroke is loud, with what is said of it: doubt, choice, kind, hand. */
export function paintHit(
  context: CanvasRenderingContext2D,
  hit: Hit,
  x: number,
  y: number,
  { isSelected, isDoubtful }: { isSelected: boolean; isDoubtful: boolean },
  colour: (name: string) => string,
): void {
  const isGhost = hit.articulation === "ghost";
  const radius = HEAD_RADIUS * (0.45 + 0.55 * hit.velocity);
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.globalAlpha = isGhost ? 0.35 : 0.35 + 0.65 * hit.confidence;
  context.fillStyle = colour(hit.instrument);
  context.fill();
  context.globalAlpha = 1;
  if (isDoubtful) {
    // Doubt has a shape as well as a shade.
    context.strokeStyle = colour("alarm");
    context.lineWidth = 1.5;
    context.setLineDash([2, 2]);
    context.stroke();
    context.setLineDash([]);
  }
  if (isSelected) {
    context.strokeStyle = colour("ink");
    context.lineWidth = 2;
    context.beginPath();
    context.arc(x, y, HEAD_RADIUS + 1.5, 0, 2 * Math.PI);
    context.stroke();
  }
  const sign = SIGNS[hit.articulation ?? ""];
  if (sign) {
    context.fillStyle = colour("ink");
    context.font = "600 11px system-ui";
    context.fillText(sign, x + HEAD_RADIUS, y - 6);
  }
  const hand = handOf(hit);
  if (hand) {
    context.fillStyle = colour("ink");
    context.font = "700 11px system-ui";
    context.fillText(HAND_LETTERS[hand], x + HEAD_RADIUS, y + 7);
  }
}

const SIGNS: Readonly<Record<string, string>> = {
  ghost: "( )", accent: ">", flam: "f", drag: "d", roll: "z", "cross-stick": "×", rimshot: "R",
  pedal: "+", "half-open": "½", "ride-bell": "◇", "crash-2": "2", splash: "sp", china: "ch", choke: "!",
};
