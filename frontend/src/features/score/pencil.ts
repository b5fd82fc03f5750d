import type { Hit } from "@/api/client";
import { drumOf, type Drum } from "@/music/strokes";
import type { ScoreClock, TimedMeasure } from "@/music/timeMap";
import { byId, firstHead, headOf, place, scaleOf, staffOf, type Staff } from "./drawnHeads";

/** What an edit changed since the page was drawn. */
export interface Unwritten {
  /** Ids of hits that stand on the page and are no longer there, or elsewhere. */
  gone: readonly number[];
  /** Hits that the page does not show, or shows elsewhere. */
  fresh: readonly Hit[];
}

const isElsewhere = (a: Hit, b: Hit): boolean => a.time !== b.time || drumOf(a) !== drumOf(b);

/** drawn: the hits of the page; now: as they are edited. */
export function unwritten(drawn: readonly Hit[], now: readonly Hit[]): Unwritten {
  if (drawn === now) return { gone: [], fresh: [] };
  const here = new Map(now.map((hit) => [hit.id, hit]));
  const there = new Map(drawn.map((hit) => [hit.id, hit]));
  const differs = (hit: Hit, others: ReadonlyMap<number, Hit>) => {
    const other = others.get(hit.id);
    return !other || isElsewhere(hit, other);
  };
  return {
    gone: drawn.filter((hit) => differs(hit, here)).map((hit) => hit.id),
    fresh: now.filter((hit) => differs(hit, there)),
  };
}

/** Half staff spaces below the top line, for drums that the page does not show: Weinberg's key. */
const USUAL_PLACE: Record<Drum, number> = {
  splash: -4,
  "crash-2": -3,
  china: -3,
  crash: -2,
  hihat_open: -1,
  hihat_closed: -1,
  ride: 0,
  tom_high: 1,
  tom_mid: 2,
  snare: 3,
  tom_low: 5,
  kick: 7,
  pedal: 9,
};
/** Strokes so near to a note of the page stand over or under it. */
const TOGETHER_SECONDS = 0.03;
/** Room after a clef, a metre or a bar line, in staff spaces. */
const AFTER_SIGN = 3;
const AFTER_LINE = 1.5;

/**
 * Pencils an edit into the page at once, before the service has drawn it: what is gone grows pale,
 * what is new stands where it will stand, near enough. Returns what rubs it out again.
 */
export function pencil(root: Element, clock: ScoreClock, edit: Unwritten): () => void {
  const undo: (() => void)[] = [];
  for (const hit of edit.gone) {
    const id = clock.elementOf(hit);
    // A head that stands for two strokes stays for the other one.
    const element = id && clock.note(id)?.hit === hit ? byId(root, id) : null;
    if (!element) continue;
    element.setAttribute("data-pencil", "gone");
    undo.push(() => element.removeAttribute("data-pencil"));
  }
  for (const hit of edit.fresh) {
    const mark = drawHead(root, clock, hit);
    if (mark) undo.push(() => mark.remove());
  }
  return () => undo.forEach((rub) => rub());
}

function drawHead(root: Element, clock: ScoreClock, hit: Hit): Element | null {
  const measure = clock.measure(Math.max(0, clock.measureAt(hit.time)));
  const staff = measure ? staffOf(byId(root, measure.svg_id)) : null;
  const drum = drumOf(hit);
  // Other cymbals than the crash have lines of their own, and the page's notes do not say which they are.
  const alike = firstHead(root, clock, (note) => note.instrument === hit.instrument);
  const same = drum === hit.instrument ? alike : null;
  const model = alike ?? firstHead(root, clock, () => true);
  if (!measure || !staff || !model) return null;
  const there = same ? staffOf(same.use.closest(".measure")) : null;
  const usual = (USUAL_PLACE[drum] * staff.space) / 2;
  const y = staff.top + (same && there ? same.y - there.top : usual);
  const head = model.use.cloneNode(true) as Element;
  head.setAttribute("transform", `translate(${xOf(root, clock, measure, staff, hit.time)}, ${y}) ${scaleOf(head)}`);
  const mark = root.ownerDocument.createElementNS("http://www.w3.org/2000/svg", "g");
  mark.setAttribute("data-pencil", "new");
  mark.setAttribute("data-hit", String(hit.id));
  mark.append(head);
  staff.element.append(mark);
  return mark;
}

/** Between the notes of the bar, as the time lies between theirs. */
function xOf(
  root: Element, clock: ScoreClock, measure: TimedMeasure, staff: Staff, seconds: number,
): number {
  const known: [number, number][] = [];
  for (const note of clock.map.notes) {
    if (note.measure !== measure.number || note.is_grace) continue;
    const head = headOf(root, note.id);
    if (!head) continue;
    if (Math.abs(note.page_seconds - seconds) <= TOGETHER_SECONDS) return head.x;
    known.push([note.page_seconds, head.x]);
  }
  known.push([measure.end_seconds, staff.right]);
  known.sort((a, b) => a[0] - b[0]);
  if (known[0]![0] > measure.start_seconds + TOGETHER_SECONDS) {
    known.unshift([measure.start_seconds, firstX(staff)]);
  }
  const later = known.findIndex(([at]) => at >= seconds);
  const after = later < 0 ? known.length - 1 : Math.max(1, later);
  const [from, x] = known[after - 1] as [number, number];
  const [to, nextX] = known[after] as [number, number];
  const share = to > from ? Math.min(1, Math.max(0, (seconds - from) / (to - from))) : 0;
  return Math.round(x + share * (nextX - x));
}

/** Where a note on the first beat stands in a bar that has none. */
function firstX(staff: Staff): number {
  const signs = [...staff.element.querySelectorAll(".clef use, .meterSig use")].map((use) => place(use).x);
  return Math.max(staff.left + AFTER_LINE * staff.space, ...signs.map((x) => x + AFTER_SIGN * staff.space));
}
