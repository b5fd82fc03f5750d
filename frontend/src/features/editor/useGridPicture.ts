import { useEffect, type RefObject } from "react";
import { beatAt } from "@/music/beatGrid";
import type { Playback } from "@/music/playback";
import { cursorRow, type GridCursor } from "./gridKeys";
import { paint, type Painting, type View } from "./gridView";

/** What the pointer is dragging over the grid. */
export type Drag =
  | { kind: "rubber"; x0: number; y0: number; x1: number; y1: number; adds: boolean }
  | { kind: "move"; x0: number; y0: number; beats: number; lanes: number; hasMoved: boolean; seconds: number };

interface Elements {
  canvas: RefObject<HTMLCanvasElement | null>;
  scroller: RefObject<HTMLElement | null>;
  drag: RefObject<Drag | null>;
}

type Drawn = Pick<Painting, "grid" | "hits" | "doubtful" | "offers" | "selection" | "division" | "firstBar" | "isFocused"> &
  Omit<View, "leftBeat"> & { cursor: GridCursor; firstBeat: number; isPlaying: boolean; engine: Playback };

/** Draws the grid, in every frame in which it is another picture than before. */
export function useGridPicture(
  { canvas, scroller, drag }: Elements,
  {
    grid, lanes, pixelsPerBeat, firstBeat, hits, doubtful, offers, selection, division, cursor, firstBar, isFocused,
    isPlaying, engine,
  }: Drawn,
): void {
  useEffect(() => {
    let request = 0;
    let before = "";
    const follow = () => {
      const element = canvas.current;
      const box = scroller.current;
      if (element && box) {
        const playBeat = beatAt(grid, engine.position());
        const now = drag.current;
        if (isPlaying && !now) keepInView(box, (playBeat - firstBeat) * pixelsPerBeat);
        const leftBeat = firstBeat + box.scrollLeft / pixelsPerBeat;
        const rubber = now?.kind === "rubber" ? sorted(now) : null;
        const moved = now?.kind === "move" && now.hasMoved ? now : null;
        const key = [
          leftBeat, playBeat, element.clientWidth, document.documentElement.dataset.theme,
          JSON.stringify(rubber), JSON.stringify(moved),
        ].join();
        if (key !== before) {
          paint(element, {
            grid, hits, doubtful, offers, selection, division, playBeat, firstBar, isFocused, rubber,
            view: { lanes, pixelsPerBeat, leftBeat },
            cursorBeat: cursor.beat,
            cursorRow: cursorRow(lanes, cursor),
            drag: moved,
          });
        }
        before = key;
      }
      request = requestAnimationFrame(follow);
    };
    follow();
    return () => cancelAnimationFrame(request);
  }, [
    canvas, scroller, drag, grid, lanes, pixelsPerBeat, firstBeat, hits, doubtful, offers, selection, division, cursor,
    firstBar, isFocused, isPlaying, engine,
  ]);
}

export function sorted({ x0, x1, y0, y1 }: { x0: number; x1: number; y0: number; y1: number }) {
  return { x0: Math.min(x0, x1), x1: Math.max(x0, x1), y0: Math.min(y0, y1), y1: Math.max(y0, y1) };
}

export function keepInView(box: HTMLElement, x: number): void {
  const margin = box.clientWidth * 0.15;
  if (x < box.scrollLeft + margin || x > box.scrollLeft + box.clientWidth - margin) {
    box.scrollLeft = x - 2 * margin;
  }
}
