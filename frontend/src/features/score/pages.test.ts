import { describe, expect, it } from "vitest";
import { readPages } from "./pages";

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
