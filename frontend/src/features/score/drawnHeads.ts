import type { ScoreClock, TimedNote } from "@/music/timeMap";

/** The staff of a bar of the page, in the units of its drawing: top line, and from one line to the next. */
export interface Staff {
  element: Element;
  left: number;
  right: number;
  top: number;
  space: number;
}

/** A head of the page, and where it is drawn. */
export interface Head {
  use: Element;
  x: number;
  y: number;
}

/** The first head of the page that is written for such a note. */
export function firstHead(root: Element, clock: ScoreClock, isMeant: (note: TimedNote) => boolean): Head | null {
  for (const note of clock.map.notes) {
    const head = isMeant(note) ? headOf(root, note.id) : null;
    if (head) return head;
  }
  return null;
}

export function headOf(root: Element, id: string): Head | null {
  const use = byId(root, id)?.querySelector(".notehead use");
  return use ? { use, ...place(use) } : null;
}

export function staffOf(bar: Element | null): Staff | null {
  const element = bar?.querySelector(".staff");
  const lines = [...(element?.children ?? [])]
    .filter((child) => child.localName === "path")
    .map((line) => (line.getAttribute("d") ?? "").match(/-?[\d.]+/g)?.map(Number) ?? []);
  const [first, second] = lines;
  const [left, top, right] = first ?? [];
  const below = second?.[1];
  if (!element || left === undefined || top === undefined || right === undefined) return null;
  return { element, left, right, top, space: below === undefined ? 180 : below - top };
}

export function place(use: Element): { x: number; y: number } {
  const [x = 0, y = 0] = (use.getAttribute("transform") ?? "").match(/-?[\d.]+/g)?.map(Number) ?? [];
  return { x, y };
}

export const byId = (root: Element, id: string): Element | null => root.querySelector(`#${CSS.escape(id)}`);

/** How large a head is drawn. */
export const scaleOf = (use: Element): string => /scale\([^)]*\)/.exec(use.getAttribute("transform") ?? "")?.[0] ?? "";
