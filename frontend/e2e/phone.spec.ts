import { expect, expectAccessible, restingBox, resultOf, same, saved, test, timeMapOf, openExample } from "./test";

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

test("page_on_a_phone_has_two_bars_a_line_and_is_followed", async ({ page, service }) => {
  const jobId = await openExample(page);
  const score = page.locator("div.score[data-narrow]");
  await expect(score.locator("svg").first()).toBeVisible();
  const { notes, measures } = await timeMapOf(service, jobId);
  const ids = await score.locator("[id^='hit-']").evaluateAll((heads) => heads.map(({ id }) => id));
  expect(new Set(ids)).toEqual(new Set(notes.map(({ id }) => id)));

  // Nothing runs out of the screen, and a head can be told from a ghost.
  const sizes = await page.evaluate(() => ({
    page: document.documentElement.scrollWidth - innerWidth,
    score: document.querySelector(".score-frame")!.scrollWidth - innerWidth,
    head: document.querySelector(".notehead")!.getBoundingClientRect().width,
  }));
  expect(sizes.page).toBeLessThanOrEqual(0);
  expect(sizes.score).toBeLessThanOrEqual(0);
  expect(sizes.head).toBeGreaterThan(6);
  await expectAccessible(page);

  await page.getByRole("button", { name: "Play" }).tap();
  const bar = () => score.getAttribute("data-measure").then(Number);
  await expect.poll(bar).toBeGreaterThanOrEqual(5);
  await page.getByRole("button", { name: "Pause" }).tap();
  const measure = measures.find((one) => one.number === measures[0]!.number + 4)!;
  expect(measure.svg_id).toBeTruthy();
  // The line stands in its bar, in sight, above the controls at the lower edge.
  await expect
    .poll(() =>
      page.evaluate((all) => {
        const line = document.querySelector(".score-cursor")!.getBoundingClientRect();
        const number = Number(document.querySelector<HTMLElement>(".score")!.dataset.measure);
        const id = all.find((one) => one.number === number)!.svg_id;
        const box = document.getElementById(id)!.getBoundingClientRect();
        const controls = document.querySelector(".transport")!.getBoundingClientRect();
        return (
          line.left >= box.left - 4 &&
          line.right <= box.right + 4 &&
          line.top >= 0 &&
          line.bottom <= controls.top
        );
      }, measures),
    )
    .toBe(true);
});

test("everything_to_practise_with_is_in_reach_of_a_thumb", async ({ page, service }, info) => {
  const jobId = await openExample(page);
  const loop = page.getByRole("button", { name: "Loop", exact: true });
  await expect(page.getByRole("button", { name: "Play" })).toBeEnabled();
  await expect(loop).toBeHidden();
  await page.getByRole("button", { name: "Practise" }).tap();
  await page.getByRole("button", { name: "50 %", exact: true }).tap();
  await loop.tap();
  await page.getByLabel("Loop to bar").fill("2");
  await page.getByRole("button", { name: "Mixer" }).tap();
  for (const control of await page.locator(".transport button:visible, .transport input:visible").all()) {
    const box = (await control.boundingBox())!;
    expect(box.x).toBeGreaterThanOrEqual(0);
    expect(box.x + box.width).toBeLessThanOrEqual(390);
  }
  await expectAccessible(page);
  await page.getByRole("button", { name: "Practise" }).tap();
  await expect(loop).toBeHidden();
  await expect(page.locator(".transport")).toContainText("50 % speed, loop");

  // The drum grid says its drums in short, and takes a stroke by two taps.
  await page.getByRole("button", { name: "Correct notes" }).tap();
  await expect(page.getByText("SD", { exact: true })).toBeVisible();
  const grid = page.getByTestId("drum-grid");
  const before = await resultOf(service, jobId);
  await grid.scrollIntoViewIfNeeded();
  // High tom, on the first beats, where nothing is.
  const spot = { x: 40, y: 24 + 4.5 * 26 };
  await grid.tap({ position: spot });
  const place = await restingBox(grid);
  await grid.tap({ position: spot });
  const selection = page.getByTestId("selection");
  await expect(selection).toContainText("1 note");
  // What can be done with it has come up, and the grid is where it was: under the thumb.
  expect(await grid.boundingBox()).toEqual(place);
  await expectAccessible(page);
  await page.screenshot({ path: info.outputPath("chosen.png") });
  await saved(page);
  const added = (await resultOf(service, jobId)).hits.filter((hit) => !before.hits.some((one) => same(one, hit)));
  expect(added).toEqual([expect.objectContaining({ instrument: "tom_high", time: before.beats[0] })]);
});
