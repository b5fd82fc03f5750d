import { expect, test, openExample } from "./test";

const PAGES = 5;

/** A long score, as the service stacks pages: the one drawn page of the example again and again. */
const repeated = (svg: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg">${svg.slice(svg.indexOf("<svg")).repeat(PAGES)}</svg>`;

test("printed_page_is_the_score_and_nothing_else", async ({ page }) => {
  await page.route("**/download/svg?*", async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, body: repeated(await answer.text()) });
  });
  await openExample(page);
  await expect(page.locator(".score-page svg").first()).toBeVisible();
  await page.getByRole("button", { name: "Correct notes" }).click();
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  expect(await page.getByRole("button").filter({ visible: true }).count()).toBe(0);
  expect(await page.getByRole("heading").filter({ visible: true }).count()).toBe(0);
  // Bars that were never scrolled to are drawn as well.
  const boxes = await page.locator(".score-page").evaluateAll((frames) =>
    frames.map((frame) => [...frame.querySelectorAll("g.measure")].every((bar) => bar.getBoundingClientRect().width > 0)),
  );
  expect(boxes).toEqual(Array(PAGES).fill(true));
  for (const format of ["A4", "Letter"]) {
    const pdf = (await page.pdf({ format, preferCSSPageSize: false })).toString("latin1");
    expect(pdf.match(/\/Type\s*\/Page\b(?!s)/g)).toHaveLength(PAGES);
  }
});
