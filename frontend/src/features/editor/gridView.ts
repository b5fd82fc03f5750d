import { beatAt, type BeatGrid } from "@/music/beatGrid";
import type { Hit } from "@/api/client";
import { laneIndex, type Lane } from "@/music/lanes";
import type { Division } from "@/music/snap";
import { HEAD_RADIUS, paintHit, paintOffer } from "./gridHeads";

export const LANE_HEIGHT = 26;
export const RULER_HEIGHT = 24;
export const heightOf = (lanes: readonly Lane[]): number => RULER_HEIGHT + LANE_HEIGHT * lanes.length;

/** What is seen of the drum grid: its rows, pixels per beat, and the beat at the left edge. */
export interface View {
  lanes: readonly Lane[];
  pixelsPerBeat: number;
  leftBeat: number;
}

export const xOf = (view: Omit<View, "lanes">, beat: number): number =>
  (beat - view.leftBeat) * view.pixelsPerBeat;
export const beatOf = (view: Omit<View, "lanes">, x: number): number => view.leftBeat + x / view.pixelsPerBeat;
export const yOf = (lanes: readonly Lane[], hit: Hit): number =>
  RULER_HEIGHT + (laneIndex(lanes, hit) + 0.5) * LANE_HEIGHT;
/** Index of the row at a height. */
export const rowAt = (lanes: readonly Lane[], y: number): number =>
  Math.min(lanes.length - 1, Math.max(0, Math.floor((y - RULER_HEIGHT) / LANE_HEIGHT)));

/** The stroke under a point; the topmost is the last one drawn. */
export function hitAt(
  hits: readonly Hit[], grid: BeatGrid, view: View, x: number, y: number,
): Hit | null {
  if (y < RULER_HEIGHT) return null;
  const row = rowAt(view.lanes, y);
  const found = hits.findLast(
    (hit) =>
      laneIndex(view.lanes, hit) === row &&
      Math.abs(xOf(view, beatAt(grid, hit.time)) - x) <= HEAD_RADIUS + 2,
  );
  return found ?? null;
}

/** The strokes inside a rectangle of the grid. */
export function hitsInside(
  hits: readonly Hit[],
  grid: BeatGrid,
  view: View,
  box: { x0: number; x1: number; y0: number; y1: number },
): Hit[] {
  return hits.filter((hit) => {
    const x = xOf(view, beatAt(grid, hit.time));
    const y = yOf(view.lanes, hit);
    return x >= box.x0 && x <= box.x1 && y >= box.y0 && y <= box.y1;
  });
}

export interface Painting {
  grid: BeatGrid;
  view: View;
  hits: readonly Hit[];
  /** Likelier wrong than one in three. */
  doubtful: ReadonlySet<number>;
  /** Nearly heard: hollow, until a click makes them notes. */
  offers: readonly Hit[];
  selection: ReadonlySet<number>;
  division: Division;
  cursorBeat: number;
  cursorRow: number;
  playBeat: number;
  firstBar: number;
  rubber: { x0: number; x1: number; y0: number; y1: number } | null;
  /** Strokes on their way while they are dragged: beats and lanes. */
  drag: { beats: number; lanes: number } | null;
  isFocused: boolean;
}

/** Draws the visible part of the grid. Colours are the theme's. */
export function paint(canvas: HTMLCanvasElement, painting: Painting): void {
  const context = canvas.getContext("2d");
  if (!context) return;
  const scale = devicePixelRatio || 1;
  const width = canvas.clientWidth;
  if (canvas.width !== Math.round(width * scale)) canvas.width = Math.round(width * scale);
  const { view, grid } = painting;
  const { lanes } = view;
  const height = heightOf(lanes);
  canvas.height = Math.round(height * scale);
  context.setTransform(scale, 0, 0, scale, 0, 0);
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(`--${name}`);
  const right = beatOf(view, width);

  context.fillStyle = colour("page");
  context.fillRect(0, 0, width, height);
  lanes.forEach((_, row) => {
    if (row % 2 === 0) {
      context.fillStyle = colour("stand");
      context.fillRect(0, RULER_HEIGHT + row * LANE_HEIGHT, width, LANE_HEIGHT);
    }
  });
  paintLines(context, painting, right, colour);
  for (const offer of painting.offers) {
    const beat = beatAt(grid, offer.time);
    if (beat < view.leftBeat - 1 || beat > right + 1) continue;
    paintOffer(context, xOf(view, beat), yOf(lanes, offer), colour(offer.instrument));
  }
  for (const hit of painting.hits) {
    const isSelected = painting.selection.has(hit.id);
    const drag = isSelected ? painting.drag : null;
    const beat = beatAt(grid, hit.time) + (drag?.beats ?? 0);
    if (beat < view.leftBeat - 1 || beat > right + 1) continue;
    const y = yOf(lanes, hit) + (drag?.lanes ?? 0) * LANE_HEIGHT;
    paintHit(context, hit, xOf(view, beat), y, { isSelected, isDoubtful: painting.doubtful.has(hit.id) }, colour);
  }
  if (painting.isFocused) {
    context.strokeStyle = colour("bronze-bright");
    context.lineWidth = 2;
    const x = xOf(view, painting.cursorBeat);
    context.strokeRect(x - 10, RULER_HEIGHT + painting.cursorRow * LANE_HEIGHT + 2, 20, LANE_HEIGHT - 4);
  }
  if (painting.rubber) {
    const { x0, x1, y0, y1 } = painting.rubber;
    context.strokeStyle = colour("pad");
    context.lineWidth = 1;
    context.setLineDash([4, 3]);
    context.strokeRect(x0, y0, x1 - x0, y1 - y0);
    context.setLineDash([]);
  }
  context.fillStyle = colour("bronze-bright");
  context.fillRect(xOf(view, painting.playBeat) - 1, 0, 2, height);
}

function paintLines(
  context: CanvasRenderingContext2D,
  { grid, view, division, firstBar }: Painting,
  right: number,
  colour: (name: string) => string,
): void {
  context.font = "12px system-ui";
  context.textBaseline = "middle";
  let bar = firstBar - 1;
  grid.beatNumbers.forEach((number, beat) => {
    if (number === 1) bar += 1;
    if (beat < view.leftBeat - 1 || beat > right) return;
    const x = Math.round(xOf(view, beat)) + 0.5;
    context.strokeStyle = colour(number === 1 ? "line-strong" : "line");
    context.lineWidth = number === 1 ? 2 : 1;
    context.beginPath();
    context.moveTo(x, number === 1 ? 0 : RULER_HEIGHT);
    context.lineTo(x, heightOf(view.lanes));
    context.stroke();
    if (number === 1) {
      context.fillStyle = colour("ink-soft");
      context.fillText(String(bar), x + 4, RULER_HEIGHT / 2);
    }
    const parts = division === 0 ? 1 : division;
    if (view.pixelsPerBeat / parts < 9) return;
    context.lineWidth = 0.5;
    context.globalAlpha = 0.5;
    for (let part = 1; part < parts; part += 1) {
      const at = xOf(view, beat + part / parts);
      context.beginPath();
      context.moveTo(at, RULER_HEIGHT);
      context.lineTo(at, heightOf(view.lanes));
      context.stroke();
    }
    context.globalAlpha = 1;
  });
}
