import { bringBarIntoView } from "./barInView";
import type { ScoreClock } from "@/music/timeMap";

/** Whoever scrolls by hand wants to look at something; the page follows again after that. */
const HANDS_OFF_MILLISECONDS = 4000;

/**
 * The line that walks through the page, the lit notes, and the page that follows.
 *
 * Works on the document directly: sixty times a second is no business of a component tree.
 */
export class ScoreCursor {
  private measureIndex = -2;
  private lit: Element[] = [];
  private readonly glows: HTMLElement[] = [];
  private handsOffUntil = 0;
  private litKey = "";
  private bar: Element | null = null;
  private staff: Element | null = null;
  /** Of one bar: share of the bar's time -> share of its width. Measured when the bar changes. */
  private heads: { index: number; places: [number, number][] } = { index: -1, places: [] };

  constructor(
    private readonly root: HTMLElement,
    private readonly line: HTMLElement,
    private readonly clock: ScoreClock,
  ) {
    addEventListener("wheel", this.onHandScroll, { passive: true });
    addEventListener("touchmove", this.onHandScroll, { passive: true });
  }

  private readonly onHandScroll = (): void => {
    this.handsOffUntil = performance.now() + HANDS_OFF_MILLISECONDS;
  };

  moveTo(seconds: number, follows: boolean): void {
    const index = this.clock.measureAt(seconds);
    if (index !== this.measureIndex) {
      const before = this.bar;
      this.measureIndex = index;
      const id = this.clock.measure(Math.max(0, index))?.svg_id;
      this.bar = id ? this.root.querySelector(`#${CSS.escape(id)}`) : null;
      this.staff = this.bar?.querySelector(".staff") ?? null;
      this.root.dataset.measure = String(this.clock.measure(index)?.number ?? "");
      const isHandsOff = performance.now() < this.handsOffUntil;
      if (follows && this.bar && this.bar !== before && !isHandsOff) {
        bringBarIntoView(this.bar, this.root.parentElement);
      }
    }
    this.light(seconds);
    this.placeLine(seconds);
  }

  close(): void {
    this.clear();
    for (const glow of this.glows) glow.remove();
    removeEventListener("wheel", this.onHandScroll);
    removeEventListener("touchmove", this.onHandScroll);
  }

  private clear(): void {
    for (const element of this.lit) element.removeAttribute("data-lit");
    for (const glow of this.glows) glow.style.opacity = "0";
    this.lit = [];
    this.litKey = "";
  }

  private light(seconds: number): void {
    const notes = this.clock.notesAt(seconds);
    const key = notes.map((note) => note.id).join(" ");
    if (key === this.litKey) return;
    this.clear();
    this.litKey = key;
    for (const note of notes) {
      const element = this.root.querySelector(`#${CSS.escape(note.id)}`);
      if (!element) continue;
      element.setAttribute("data-lit", "");
      this.glow(this.lit.length, element.querySelector(".notehead") ?? element);
      this.lit.push(element);
    }
  }

  /** A shine over a head. Colouring the head itself would draw its whole page anew, each time. */
  private glow(index: number, head: Element): void {
    let glow = this.glows[index];
    if (!glow) {
      glow = document.createElement("div");
      glow.className = "score-glow";
      this.root.append(glow);
      this.glows[index] = glow;
    }
    const box = head.getBoundingClientRect();
    const frame = this.root.getBoundingClientRect();
    const x = box.left + box.width / 2 - frame.left;
    const y = box.top + box.height / 2 - frame.top;
    glow.style.opacity = "1";
    glow.style.transform = `translate(${x}px, ${y}px)`;
  }

  private placeLine(seconds: number): void {
    const box = this.bar?.getBoundingClientRect();
    // The staff is narrower than the bar's box: marks above it and stems make it taller.
    const staff = this.staff?.getBoundingClientRect() ?? box;
    if (!box || !staff || box.width === 0) {
      this.line.style.opacity = "0";
      return;
    }
    const frame = this.root.getBoundingClientRect();
    const x = this.xAt(seconds, box.left, box.right);
    const height = Math.max(staff.height, 28) + 16;
    const top = staff.top + staff.height / 2 - height / 2;
    this.line.style.opacity = "1";
    this.line.style.height = `${height}px`;
    this.line.style.transform = `translate(${x - frame.left}px, ${top - frame.top}px)`;
  }

  /**
   * Where in the bar: between the heads around the moment, as printed music is not spaced evenly.
   */
  private xAt(seconds: number, left: number, right: number): number {
    const index = Math.max(0, this.measureIndex);
    const measure = this.clock.measure(index);
    const share = this.clock.shareOfBar(index, seconds);
    if (!measure) return left;
    const width = right - left;
    let fromX = left + 0.04 * width;
    let fromShare = 0;
    for (const [noteShare, place] of this.headsOf(index, left, width)) {
      const x = left + place * width;
      if (noteShare > share) {
        return fromX + ((x - fromX) * (share - fromShare)) / Math.max(1e-6, noteShare - fromShare);
      }
      fromX = x;
      fromShare = noteShare;
    }
    return fromX + ((right - fromX) * (share - fromShare)) / Math.max(1e-6, 1 - fromShare);
  }

  private headsOf(index: number, left: number, width: number): [number, number][] {
    if (this.heads.index === index) return this.heads.places;
    const number = this.clock.measure(index)?.number;
    const places: [number, number][] = [];
    for (const note of this.clock.map.notes) {
      if (note.measure !== number || note.is_grace) continue;
      const head = this.root.querySelector(`#${CSS.escape(note.id)} .notehead`);
      if (!head) continue;
      const box = head.getBoundingClientRect();
      const place = (box.left + box.width / 2 - left) / width;
      places.push([this.clock.shareOfBar(index, note.page_seconds), place]);
    }
    this.heads = { index, places };
    return places;
  }
}
