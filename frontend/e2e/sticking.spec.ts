import { expect, expectAccessible, openEditor, resultOf, saved, test } from "./test";

test("bar_is_stuck_right_and_left_in_turn_shown_on_the_page_undone_and_hidden", async ({ page, service }) => {
  const jobId = await openEditor(page);
  const grid = page.getByTestId("drum-grid");
  await grid.focus();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.press("Shift+A");
  await saved(page);
  const stuck = (await resultOf(service, jobId)).hits.filter(({ sticking }) => sticking);
  expect(stuck.length).toBeGreaterThan(3);
  expect(new Set(stuck.map(({ sticking }) => sticking))).toEqual(new Set(["right", "left"]));
  expect(stuck.every(({ instrument }) => instrument !== "kick")).toBe(true);
  const letters = page.locator(".score-page svg g.verse");
  await expect(letters.first()).toBeVisible();
  await expect(page.getByTestId("selection").getByLabel("Hand")).toHaveValue("");
  await expectAccessible(page);

  // One hand for all of them, by the field; and back.
  await page.getByTestId("selection").getByLabel("Hand").selectOption("left");
  await saved(page);
  const left = (await resultOf(service, jobId)).hits.filter(({ sticking }) => sticking);
  expect(new Set(left.map(({ sticking }) => sticking))).toEqual(new Set(["left"]));
  await page.getByRole("button", { name: "Undo", exact: true }).first().click();
  await saved(page);
  expect((await resultOf(service, jobId)).hits.filter(({ sticking }) => sticking)).toEqual(stuck);

  await page.reload();
  await expect(letters.first()).toBeVisible();
  await page.getByRole("button", { name: "Tempo and bars" }).click();
  await page.getByLabel("Sticking (R, L)").selectOption("hidden");
  await saved(page);
  await expect(letters).toHaveCount(0);
  expect((await resultOf(service, jobId)).hits.filter(({ sticking }) => sticking)).toEqual(stuck);
});
