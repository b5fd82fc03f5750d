import { expect, test } from "vitest";
import type { Articulation, Hit, Instrument } from "@/api/client";
import { ScoreClock } from "@/music/timeMap";
import { drumKeyOf } from "./keyHeads";

const hit = (id: number, instrument: Instrument, articulation: Articulation | null = null): Hit => ({
  id, time: id, instrument, velocity: 0.8, confidence: 1, articulation,
});
const HITS = [hit(0, "kick"), hit(1, "crash"), hit(2, "crash", "china"), hit(3, "kick"), hit(4, "snare")];
const clock = new ScoreClock({
  schema_version: 1, duration_seconds: 4, merged: [],
  measures: [{ number: 1, start_seconds: 0, end_seconds: 4, beats: [], time_signature: "4/4", svg_id: "bar-1" }],
  notes: HITS.map(({ id, instrument }) => ({
    id: `hit-${id}`, hit: id, time_seconds: id, page_seconds: id, measure: 1, position: String(id), instrument, is_grace: false,
  })),
});
/** Top line at 1000, 180 from line to line; the snare is not drawn. */
const HEIGHTS = [[0, "E0A4", 1630], [1, "E0A9", 820], [2, "E0B3", 730], [3, "E0A4", 1630]] as const;

function drawnPage(): HTMLElement {
  const root = document.createElement("div");
  const lines = [0, 1, 2, 3, 4].map((k) => `<path d="M0 ${1000 + 180 * k} L4000 ${1000 + 180 * k}"/>`).join("");
  const heads = HEIGHTS.map(
    ([id, glyph, y]) =>
      `<g class="note" id="hit-${id}"><g class="notehead"><use href="#${glyph}" transform="translate(${id}, ${y}) scale(0.72, 0.72)"/></g></g>`,
  );
  root.innerHTML = `<svg><g class="measure" id="bar-1"><g class="staff">${lines}${heads.join("")}</g></g></svg>`;
  return root;
}

test("each drum that is drawn has one head, at its height on a staff, with the ledger lines that it needs", () => {
  const entries = drumKeyOf(drawnPage(), clock, HITS).map(({ name, picture }) => ({
    name,
    head: picture.querySelector("use")?.getAttribute("href"),
    transform: picture.querySelector("use")?.getAttribute("transform"),
    lines: picture.querySelector("path")?.getAttribute("d")?.match(/M/g)?.length,
  }));
  expect(entries).toEqual([
    { name: "Crash", head: "#E0A9", transform: "translate(252, -180) scale(0.72, 0.72)", lines: 6 },
    { name: "China", head: "#E0B3", transform: "translate(252, -270) scale(0.72, 0.72)", lines: 6 },
    { name: "Kick", head: "#E0A4", transform: "translate(252, 630) scale(0.72, 0.72)", lines: 5 },
  ]);
});
