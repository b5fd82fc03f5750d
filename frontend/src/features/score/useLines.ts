import { useEffect, useState, type RefObject } from "react";
import type { ScoreClock } from "@/music/timeMap";
import type { Line } from "./turning";

/** The lines of the score that lies in `paper`, and which of them each bar stands in. */
export interface Lines {
  lines: readonly Line[];
  lineOfBar: (index: number) => number;
}

const NONE: Lines = { lines: [], lineOfBar: () => 0 };

/** Measured anew whenever the drawing or its size changes. */
export function useLines(paper: RefObject<HTMLElement | null>, svg: string, clock: ScoreClock): Lines {
  const [found, setFound] = useState<Lines>(NONE);
  useEffect(() => {
    const root = paper.current;
    if (!root) return;
    const measure = () => setFound(linesIn(root, clock));
    const sizes = new ResizeObserver(measure);
    sizes.observe(root);
    return () => sizes.disconnect();
  }, [paper, svg, clock]);
  return found;
}

function linesIn(root: HTMLElement, clock: ScoreClock): Lines {
  const top = root.getBoundingClientRect().top;
  const systems = [...root.querySelectorAll(".system")];
  const lines = systems.map((system) => {
    const box = system.getBoundingClientRect();
    return { top: box.top - top, bottom: box.bottom - top };
  });
  const order = new Map(systems.map((system, index) => [system, index]));
  const places = clock.map.measures.map(({ svg_id }) => {
    const system = root.querySelector(`#${CSS.escape(svg_id)}`)?.closest(".system");
    return (system && order.get(system)) ?? 0;
  });
  return { lines, lineOfBar: (index) => places[Math.max(0, index)] ?? 0 };
}
