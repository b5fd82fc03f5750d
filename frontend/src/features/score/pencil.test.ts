import { describe, expect, it } from "vitest";
import type { Hit, Instrument } from "@/api/client";
import { ScoreClock } from "@/music/timeMap";
import { pencil, unwritten } from "./pencil";

const hit = (id: number, time: number, instrument: Instrument): Hit => ({
  id, time, instrument, velocity: 0.8, confidence: 1, articulation: null,
});
const note = (id: number, seconds: number, instrument: Instrument) => ({
  id: `hit-${id}`, hit: id, time_seconds: seconds, page_seconds: seconds, measure: 1, position: "0",
  instrument, is_grace: false,
});
const HITS = [hit(0, 0, "kick"), hit(1, 1, "snare"), hit(2, 1.01, "snare")];
const clock = new ScoreClock({
  schema_version: 1,
  duration_seconds: 4,
  measures: [1, 2].map((number) => ({
    number, start_seconds: 2 * (number - 1), end_seconds: 2 * number, beats: [], time_signature: "4/4",
    svg_id: `bar-${number}`,
  })),
  notes: [note(0, 0, "kick"), note(1, 1, "snare")],
  merged: [{ hit: 2, time_seconds: 1.01, id: "hit-1" }],
});

function drawnPage(): HTMLElement {
  const root = document.createElement("div");
  const lines = (left: number, right: number) =>
    [0, 1, 2, 3, 4].map((k) => `<path d="M${left} ${1000 + 180 * k} L${right} ${1000 + 180 * k}"/>`).join("");
  const head = (id: number, x: number, y: number) =>
    `<g class="note" id="hit-${id}"><g class="notehead"><use href="#E0A4" transform="translate(${x}, ${y}) scale(0.72, 0.72)"/></g></g>`;
  root.innerHTML = `<svg>
    <g class="measure" id="bar-1"><g class="staff">${lines(0, 4000)}
      <g class="clef"><use transform="translate(90, 1360) scale(0.72, 0.72)"/></g>
      ${head(0, 1000, 1630)}${head(1, 2000, 1270)}</g></g>
    <g class="measure" id="bar-2"><g class="staff">${lines(4000, 8000)}</g></g></svg>`;
  return root;
}

const marks = (root: Element) =>
  [...root.querySelectorAll('[data-pencil="new"]')].map((mark) => ({
    bar: mark.closest(".measure")?.id,
    at: mark.querySelector("use")?.getAttribute("transform"),
  }));

describe("pencil", () => {
  it("tells what an edit added, moved and took away", () => {
    const moved = { ...HITS[1]!, time: 1.5 };
    const edit = unwritten(HITS, [moved, HITS[2]!, hit(9, 3, "kick")]);
    expect(edit.gone).toEqual([0, 1]);
    expect(edit.fresh).toEqual([moved, hit(9, 3, "kick")]);
    expect(unwritten(HITS, HITS.map((one) => ({ ...one, velocity: 0.2 })))).toEqual({ gone: [], fresh: [] });
  });

  it("draws a stroke between the notes of its bar, as high as its drum stands", () => {
    const root = drawnPage();
    const rub = pencil(root, clock, { gone: [], fresh: [hit(9, 0.5, "kick"), hit(10, 1.02, "kick")] });
    expect(marks(root)).toEqual([
      { bar: "bar-1", at: "translate(1500, 1630) scale(0.72, 0.72)" },
      { bar: "bar-1", at: "translate(2000, 1630) scale(0.72, 0.72)" },
    ]);
    rub();
    expect(marks(root)).toEqual([]);
  });

  it("draws a drum that the page does not show where the usual key has it, in an empty bar too", () => {
    const root = drawnPage();
    pencil(root, clock, { gone: [], fresh: [hit(9, 2, "crash")] });
    expect(marks(root)).toEqual([{ bar: "bar-2", at: "translate(4270, 820) scale(0.72, 0.72)" }]);
  });

  it("draws a second crash above the crash that is struck with it", () => {
    const root = drawnPage();
    pencil(root, clock, { gone: [], fresh: [hit(9, 2, "crash"), { ...hit(10, 2, "crash"), articulation: "crash-2" }] });
    expect(marks(root).map(({ at }) => at)).toEqual([
      "translate(4270, 820) scale(0.72, 0.72)", "translate(4270, 730) scale(0.72, 0.72)",
    ]);
  });

  it("lets what is gone grow pale, but no head that stands for another stroke", () => {
    const root = drawnPage();
    const rub = pencil(root, clock, { gone: [0, 2], fresh: [] });
    expect([...root.querySelectorAll('[data-pencil="gone"]')].map((one) => one.id)).toEqual(["hit-0"]);
    rub();
    expect(root.querySelectorAll("[data-pencil]")).toHaveLength(0);
  });

  it("draws nothing on a page without a head or a staff", () => {
    const root = document.createElement("div");
    root.innerHTML = '<svg><g class="measure" id="bar-1"></g></svg>';
    pencil(root, clock, { gone: [1], fresh: [hit(9, 0.5, "kick")] });
    expect(marks(root)).toEqual([]);
  });
});
