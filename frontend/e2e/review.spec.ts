import { expect, expectAccessible, openEditor, resultOf, saved, test } from "./test";

test("group_of_doubtful_notes_is_heard_and_decided_about_at_once_and_taken_back", async ({ page, service }) => {
  const jobId = await openEditor(page);
  const before = await resultOf(service, jobId);
  const [group] = before.review.filter(({ kind }) => kind === "doubtful");
  expect(group, "the example has doubtful notes").toBeDefined();
  await page.getByRole("button", { name: "Doubtful notes" }).click();
  const panel = page.getByRole("region", { name: "Notes to check" });
  await expect(panel.getByRole("heading")).toContainText(`of ${before.hits.length} notes`);
  const row = panel.getByRole("listitem").first();
  await row.getByRole("button", { name: "Listen" }).click();
  await expect(page.getByRole("button", { name: "Pause" })).toBeVisible();
  await expect(page.getByLabel("Loop from bar")).toBeVisible();
  await page.keyboard.press("Space");
  await expectAccessible(page);
  await row.getByRole("button", { name: "Remove all" }).click();
  await saved(page);
  const after = await resultOf(service, jobId);
  expect(after.hits.filter(({ id }) => group!.ids.includes(id))).toEqual([]);
  expect(after.hits).toHaveLength(before.hits.length - group!.ids.length);
  await panel.getByRole("button", { name: "Undo" }).click();
  await saved(page);
  expect((await resultOf(service, jobId)).hits).toEqual(before.hits);
});

test("note_that_was_nearly_heard_becomes_one_by_a_press_or_is_dismissed_for_good", async ({ page, service }) => {
  const jobId = await openEditor(page);
  const before = await resultOf(service, jobId);
  expect(before.candidates.length, "the example has offers").toBeGreaterThan(1);
  await page.getByRole("button", { name: "Doubtful notes" }).click();
  const panel = page.getByRole("region", { name: "Notes to check" });
  const more = panel.getByRole("button", { name: /Show \d+ more groups/ });
  if (await more.isVisible()) await more.click();
  await panel.getByRole("button", { name: "Add all" }).first().click();
  await saved(page);
  const after = await resultOf(service, jobId);
  const added = after.hits.filter(({ id }) => !before.hits.some((hit) => hit.id === id));
  expect(added.length).toBeGreaterThan(0);
  for (const hit of added) {
    expect(hit.confidence).toBe(1);
    expect(before.candidates.some(({ time, instrument }) => time === hit.time && instrument === hit.instrument)).toBe(true);
  }
  const rows = panel.getByRole("listitem").filter({ has: page.getByRole("button", { name: "Not played" }) });
  const left = await rows.count();
  expect(left, "more groups of offers than the one that was taken").toBeGreaterThan(0);
  await rows.first().getByRole("button", { name: "Not played" }).first().click();
  await expect(rows).toHaveCount(left - 1);
  await page.reload();
  await page.getByRole("button", { name: "Doubtful notes" }).click();
  await expect(page.getByRole("region", { name: "Notes to check" })).toBeVisible();
  const again = page.getByRole("button", { name: /Show \d+ more groups/ });
  if (await again.isVisible()) await again.click();
  await expect(rows).toHaveCount(left - 1);
});
