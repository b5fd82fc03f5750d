import type { Hit } from "@/api/client";
import { laneIndex, laneName, lanesOf } from "@/music/lanes";
import type { ScoreClock } from "@/music/timeMap";
import { firstHead, scaleOf, staffOf } from "./drawnHeads";

const SVG = "http://www.w3.org/2000/svg";
/** Of a picture, in staff spaces: room for a cymbal and its sign over the staff, and for a foot under it. */
const WIDTH = 4;
const ABOVE = 2.4;
const HEIGHT = 4 + ABOVE + 1.4;
const HEAD_LEFT = 1.4;
const LEDGER_LEFT = 0.9;
const LEDGER_RIGHT = 3.1;
/** What an open hat has above its head. */
const SIGN = { middle: 2, above: 1.2, radius: 0.4 };

/** A drum that is played, and the first of its heads on the page, on a staff of its own. */
export interface KeyEntry {
  name: string;
  picture: SVGSVGElement;
}

/** What the heads of a drawn page mean, from the top of the staff down. hits: those that it was drawn from. */
export function drumKeyOf(root: Element, clock: ScoreClock, hits: readonly Hit[]): KeyEntry[] {
  const lanes = lanesOf(hits, new Set());
  const laneOf = new Map(hits.map((hit) => [hit.id, laneIndex(lanes, hit)]));
  return lanes.flatMap((lane, index) => {
    const head = firstHead(root, clock, (note) => laneOf.get(note.hit) === index);
    const staff = head && staffOf(head.use.closest(".measure"));
    if (!head || !staff) return [];
    const height = (head.y - staff.top) / staff.space;
    return [{ name: laneName(lane), picture: pictureOf(head.use, height, staff.space, lane.instrument === "hihat_open") }];
  });
}

/** height: of the head below the top line, in spaces. space: from one line to the next. */
function pictureOf(head: Element, height: number, space: number, isOpen: boolean): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 ${-ABOVE * space} ${WIDTH * space} ${HEIGHT * space}`);
  svg.setAttribute("aria-hidden", "true");
  const line = (at: number, left: number, right: number) =>
    `M${left * space},${at * space}H${right * space}`;
  const ledgers: number[] = [];
  for (let at = -1; at >= Math.ceil(height - 0.01); at -= 1) ledgers.push(at);
  for (let at = 5; at <= Math.floor(height + 0.01); at += 1) ledgers.push(at);
  const lines = document.createElementNS(SVG, "path");
  lines.setAttribute(
    "d",
    [0, 1, 2, 3, 4].map((at) => line(at, 0, WIDTH)).join("") +
      ledgers.map((at) => line(at, LEDGER_LEFT, LEDGER_RIGHT)).join(""),
  );
  lines.setAttribute("stroke", "currentColor");
  lines.setAttribute("stroke-width", String(space / 10));
  const drawn = head.cloneNode(true) as Element;
  drawn.setAttribute("transform", `translate(${Math.round(HEAD_LEFT * space)}, ${Math.round(height * space)}) ${scaleOf(head)}`);
  drawn.setAttribute("fill", "currentColor");
  svg.append(lines, drawn);
  if (isOpen) {
    const sign = document.createElementNS(SVG, "circle");
    sign.setAttribute("cx", String(SIGN.middle * space));
    sign.setAttribute("cy", String((Math.min(height, 0) - SIGN.above) * space));
    sign.setAttribute("r", String(SIGN.radius * space));
    sign.setAttribute("fill", "none");
    sign.setAttribute("stroke", "currentColor");
    sign.setAttribute("stroke-width", String(space / 8));
    svg.append(sign);
  }
  return svg;
}
