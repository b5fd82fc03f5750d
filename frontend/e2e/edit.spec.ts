import type { Page } from "@playwright/test";
import { expect, expectAccessible, openEditor, resultOf, same, saved, test, timeMapOf, openExample } from "./test";

/** Puts the keyboard's cell on the crash of the first beat. */
async function focusGrid(page: Page): Promise<void> {
  await page.getByTestId("drum-grid").focus();
  for (let i = 0; i < 9; i += 1) await page.keyboard.press("ArrowUp");
}

test("added_stroke_is_saved_and_is_the_only_difference_after_a_reload", async ({ page, service }) => {
  const jobId = await openEditor(page);
  const before = await resultOf(service, jobId);
  await focusGrid(page);
  for (let i = 0; i < 6; i += 1) await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("selection")).toContainText("1 note");
  await saved(page);
  await page.reload();
  await expect(page.locator(".score-page svg").first()).toBeVisible();
  const after = await resultOf(service, jobId);
  const added = after.hits.filter((hit) => !before.hits.some((one) => same(one, hit)));
  expect(added).toHaveLength(1);
  expect(added[0]).toMatchObject({ instrument: "crash", velocity: 0.8, confidence: 1 });
  // Six quarters of a beat after the first beat, between two beats of the grid.
  const place = before.beats[1]! + (before.beats[2]! - before.beats[1]!) / 2;
  expect(added[0]!.time).toBeCloseTo(place, 6);
  expect(after.hits.filter((hit) => hit !== added[0])).toEqual(before.hits);
  expect(after.is_edited).toBe(true);
  // The page that is seen and the files are of the same version.
  const heads = await page.locator("[id^='hit-']").count();
  expect(heads).toBeGreaterThanOrEqual(after.hits.length - 5);
  const csv = await (await fetch(`${service.url}/api/v1/jobs/${jobId}/download/csv`)).text();
  expect(csv.trim().split("\n").length - 1).toBe(after.hits.length);
});

test("edit_stands_on_the_page_before_the_service_has_drawn_it", async ({ page, service }) => {
  const jobId = await openEditor(page);
  let letThrough = () => {};
  const held = new Promise<void>((resolve) => (letThrough = resolve));
  await page.route("**/score", async (route) => {
    await held;
    await route.continue();
  });
  // Places on the staff: from its top line, in units of the drawing.
  const placeOf = (selector: string) =>
    page.locator(selector).first().evaluate((mark) => {
      const numbers = (text: string | null) => (text ?? "").match(/-?[\d.]+/g)!.map(Number);
      const head = mark.querySelector("use[transform]")!;
      const line = mark.closest(".staff")!.querySelector(":scope > path")!;
      const [x, y] = numbers(head.getAttribute("transform"));
      return { x: x!, belowTop: y! - numbers(line.getAttribute("d"))[1]!, bar: mark.closest(".measure")!.id };
    });
  await focusGrid(page);
  for (let i = 0; i < 6; i += 1) await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await expect(page.locator('[data-pencil="new"]')).toHaveCount(1);
  const pencilled = await placeOf('[data-pencil="new"]');
  await page.keyboard.press("Control+z");
  await expect(page.locator("[data-pencil]")).toHaveCount(0);
  await page.keyboard.press("Control+Shift+z");
  await expect(page.locator('[data-pencil="new"]')).toHaveCount(1);
  letThrough();
  await saved(page);
  await expect(page.locator("[data-pencil]")).toHaveCount(0);
  const map = await timeMapOf(service, jobId);
  const added = (await resultOf(service, jobId)).hits.find((hit) => hit.instrument === "crash" && hit.confidence === 1)!;
  const drawn = await placeOf(`#${map.notes.find((note) => note.hit === added.id)!.id}`);
  expect(pencilled.bar).toBe(drawn.bar);
  expect(pencilled.belowTop).toBe(drawn.belowTop);
  // Two staff spaces: the line is spaced anew around it.
  expect(Math.abs(pencilled.x - drawn.x)).toBeLessThan(360);
});

test("undo_brings_back_exactly_what_was_there", async ({ page, service }) => {
  const jobId = await openEditor(page);
  const before = await resultOf(service, jobId);
  await focusGrid(page);
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Delete");
  await saved(page);
  expect((await resultOf(service, jobId)).hits.length).toBeLessThan(before.hits.length);
  await page.getByRole("button", { name: "Undo" }).click();
  await saved(page);
  expect((await resultOf(service, jobId)).hits).toEqual(before.hits);
});

test("copied_bar_is_pasted_where_the_cursor_is", async ({ page, service }) => {
  const jobId = await openEditor(page);
  const before = await resultOf(service, jobId);
  await focusGrid(page);
  await page.keyboard.press("Control+a");
  const chosen = Number((await page.getByTestId("selection").textContent())?.match(/\d+/)?.[0]);
  await page.keyboard.press("Control+c");
  // To the last bar, which is nearly empty.
  for (let i = 0; i < 4 * 40; i += 1) await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Control+v");
  await expect(page.getByTestId("selection")).toContainText(`${chosen} notes`);
  await saved(page);
  const after = await resultOf(service, jobId);
  const added = after.hits.filter((hit) => !before.hits.some((one) => same(one, hit)));
  expect(added.length).toBe(chosen);
  expect(Math.min(...added.map((hit) => hit.time))).toBeGreaterThan(before.beats[39]!);
});

test("edit_in_another_window_is_told_and_nothing_is_lost", async ({ page, service, context, guard }) => {
  guard.allow(/status of 412/);
  const jobId = await openEditor(page);
  const other = await context.newPage();
  await other.goto(page.url());
  await expect(other.locator(".score-page svg").first()).toBeVisible();
  await focusGrid(page);
  await page.keyboard.press("Enter");
  await saved(page);
  await other.getByRole("button", { name: "Correct notes" }).click();
  await focusGrid(other);
  await other.keyboard.press("ArrowDown");
  await other.keyboard.press("Enter");
  await expect(other.getByText("This score was changed in another window")).toBeVisible();
  await other.getByRole("button", { name: "Keep what is here" }).click();
  await saved(other);
  const { hits } = await resultOf(service, jobId);
  expect(hits.some((hit) => hit.instrument === "ride" && hit.confidence === 1)).toBe(true);
});

test("doubtful_notes_are_found_one_by_one_and_can_be_confirmed", async ({ page, service }) => {
  const jobId = await openEditor(page);
  const { hits, review } = await resultOf(service, jobId);
  const map = await timeMapOf(service, jobId);
  const asked = new Set(review.filter(({ kind }) => kind === "doubtful").flatMap(({ ids }) => ids));
  const doubtful = hits.filter(({ id }) => asked.has(id));
  expect(doubtful.length).toBeGreaterThan(1);
  await page.locator("h1").click();
  for (const hit of doubtful.slice(0, 2)) {
    await page.keyboard.press("n");
    await expect(page.getByTestId("selection")).toContainText(
      `${Math.round(hit.confidence * 100)} % sure`,
    );
    const id = [...map.notes, ...map.merged].find((one) => one.hit === hits.indexOf(hit))!.id;
    await expect(page.locator("[data-marked]")).toHaveAttribute("id", id);
  }
  await expectAccessible(page);
  await page.getByRole("button", { name: "It is right" }).click();
  await saved(page);
  const after = await resultOf(service, jobId);
  const left = after.review.filter(({ kind }) => kind === "doubtful").flatMap(({ ids }) => ids);
  expect(left).toHaveLength(doubtful.length - 1);
});

test("kick_can_be_ghosted_and_the_grid_is_closed_where_it_lies", async ({ page, service }) => {
  const jobId = await openEditor(page);
  const before = await resultOf(service, jobId);
  await focusGrid(page);
  for (let i = 0; i < 9; i += 1) await page.keyboard.press("ArrowDown");
  for (let i = 0; i < 5; i += 1) await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await page.keyboard.press("g");
  await saved(page);
  const { hits } = await resultOf(service, jobId);
  const added = hits.filter((hit) => !before.hits.some((one) => same(one, hit)));
  expect(added.map(({ instrument, articulation }) => [instrument, articulation])).toEqual([["kick", "ghost"]]);
  await page.getByRole("button", { name: "Close the grid" }).click();
  await expect(page.getByTestId("drum-grid")).toBeHidden();
});

test("title_and_artist_are_changed_in_place_and_stand_in_every_file", async ({ page, service }) => {
  const jobId = await openExample(page);
  await page.getByRole("button", { name: "Title and artist" }).click();
  await page.getByLabel("Title", { exact: true }).fill("Half-time étude");
  await page.getByLabel("Artist").fill("The Nines");
  await expectAccessible(page);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Half-time étude" })).toBeVisible();
  await expect(page.getByText("The Nines").first()).toBeVisible();
  const xml = await (await fetch(`${service.url}/api/v1/jobs/${jobId}/download/musicxml`)).text();
  expect(xml).toContain("Half-time étude");
  expect(xml).toContain("The Nines");
  await page.goto("/");
  await expect(page.getByText(/^The Nines, 0:/)).toBeVisible();
});
