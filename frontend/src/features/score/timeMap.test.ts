import { describe, expect, it } from "vitest";
import { readPages } from "./pages";
import { ScoreClock, type TimeMap } from "./timeMap";

const measure = (number: number, start: number, svg_id = `bar-${number}`) => ({
  number,
  start_seconds: start,
  end_seconds: start + 2,
  beats: [start, start + 0.5, start + 1, start + 1.5],
  time_signature: "4/4",
  svg_id,
});
const note = (hit: number, seconds: number) => ({
  id: `hit-${hit}`,
  hit,
  time_seconds: seconds + 0.004,
  page_seconds: seconds,
  measure: 1,
  position: "0",
  instrument: "kick",
  is_grace: false,
});
const MAP: TimeMap = {
  schema_version: 1,
  duration_seconds: 9,
  measures: [measure(1, 1), measure(2, 3, "bar-2"), measure(3, 5, "bar-2"), measure(4, 7)],
  notes: [note(0, 1), note(1, 1), note(2, 1.5), note(3, 7)],
  merged: [{ hit: 4, time_seconds: 1.52, id: "hit-2" }],
};

describe("ScoreClock", () => {
  const clock = new ScoreClock(MAP);

  it("finds the bar that sounds", () => {
    expect([0.5, 1, 2.99, 3, 8.9].map((seconds) => clock.measureAt(seconds))).toEqual([
      -1, 0, 0, 1, 3,
    ]);
  });

  it("finds the notes that were struck last, together", () => {
    expect(clock.notesAt(0.9)).toEqual([]);
    expect(clock.notesAt(1.2).map((one) => one.hit)).toEqual([0, 1]);
    expect(clock.notesAt(6).map((one) => one.hit)).toEqual([2]);
  });

  it("finds the head of a hit that shares one", () => {
    expect([3, 4, 5].map((hit) => clock.elementOf(hit))).toEqual(["hit-3", "hit-2", undefined]);
  });

  it("crosses a sign for several bars in the time of all of them", () => {
    expect(clock.shareOfBar(1, 3)).toBe(0);
    expect(clock.shareOfBar(1, 4)).toBeCloseTo(0.25);
    expect(clock.shareOfBar(2, 6)).toBeCloseTo(0.75);
    expect(clock.shareOfBar(3, 8)).toBeCloseTo(0.5);
  });
});

describe("readPages", () => {
  const page = (n: number, inside = "") =>
    `<svg id="page-${n}" class="page" x="0" y="${n}" width="2100" height="2970" viewBox="0 0 2100 2970">${inside}</svg>`;

  it("splits the stack into pages that fill their room", () => {
    const pages = readPages(`<svg xmlns="http://www.w3.org/2000/svg">${page(1)}${page(2)}</svg>`);
    expect(pages.map((one) => [one.number, one.width, one.height])).toEqual([
      [1, 2100, 2970],
      [2, 2100, 2970],
    ]);
    expect(pages[1]?.element.getAttribute("width")).toBe("100%");
  });

  it("keeps glyphs and drops what could act", () => {
    const inside =
      '<script>alert(1)</script><use href="#E0A4"/><use href="https://example.org/x"/>' +
      '<g onclick="alert(1)" id="hit-0"/>';
    const [only] = readPages(`<svg xmlns="http://www.w3.org/2000/svg">${page(1, inside)}</svg>`);
    const markup = only?.element.outerHTML;
    expect(markup).toContain('href="#E0A4"');
    expect(markup).toContain('id="hit-0"');
    expect(markup).not.toMatch(/script|onclick|example\.org/);
  });

  it.each([
    "<script>alert(1)</script>",
    '<g\nonload = "alert(1)"/>',
    "<use href='javascript:alert(1)'/>",
    '<use xlink:href="data:text/html,x" xmlns:xlink="http://www.w3.org/1999/xlink"/>',
    '<x:script xmlns:x="http://www.w3.org/2000/svg">alert(1)</x:script>',
    '<a href="#x"><g/></a>',
    '<set attributeName="href" to="x"/>',
  ])("leaves nothing of %s", (inside) => {
    const [only] = readPages(`<svg xmlns="http://www.w3.org/2000/svg">${page(1, inside)}</svg>`);
    expect(only?.element.outerHTML).not.toMatch(/alert|javascript|data:|<a|<set/);
  });

  it("refuses what is no drawing", () => {
    expect(() => readPages("<html></html>")).toThrow();
  });
});
