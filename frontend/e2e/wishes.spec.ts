import type { Page } from "@playwright/test";
import { expect, expectAccessible, openEditor, resultOf, saved, test } from "./test";

/** Puts the keyboard's cell on the crash of the first beat. */
async function focusGrid(page: Page): Promise<void> {
  await page.getByTestId("drum-grid").focus();
  for (let i = 0; i < 9; i += 1) await page.keyboard.press("ArrowUp");
}

test("metre_and_bar_lines_change_the_page_and_revert_takes_all_back", async ({ page, service }) => {
  const jobId = await openEditor(page);
  const before = await resultOf(service, jobId);
  await page.getByRole("button", { name: "Tempo and bars" }).click();
  await page.getByLabel("Metre").selectOption("3/4");
  await expect.poll(async () => (await resultOf(service, jobId)).time_signature).toBe("3/4");
  await saved(page);
  await expectAccessible(page);
  await page.getByRole("button", { name: "Bars a beat later" }).click();
  await expect.poll(async () => (await resultOf(service, jobId)).settings.shift_beats).toBe(1);
  await page.getByRole("button", { name: "Back to the first transcription" }).click();
  await page.getByRole("button", { name: "Undo all changes" }).click();
  await expect.poll(async () => (await resultOf(service, jobId)).is_edited).toBe(false);
  const after = await resultOf(service, jobId);
  expect(after.hits).toEqual(before.hits);
  expect(after.beat_numbers).toEqual(before.beat_numbers);
});

test("sensitivity_says_what_it_would_change_keeps_what_is_written_by_hand_and_can_be_undone", async ({ page, service }) => {
  const jobId = await openEditor(page);
  await focusGrid(page);
  await page.keyboard.press("Enter");
  await saved(page);
  const before = await resultOf(service, jobId);
  const [mine] = before.hits.filter(({ instrument, confidence }) => instrument === "crash" && confidence === 1);
  await page.getByRole("button", { name: "Tempo and bars" }).click();
  const kick = page.getByLabel("Kick");
  await kick.focus();
  await kick.press("Home");
  await expect(page.getByText(/^\+0 \/ −\d+ notes$/)).toBeVisible();
  await expect(page.getByText("What you wrote by hand stays.")).toBeVisible();
  await page.getByRole("button", { name: "Leave it" }).click();
  await expect(kick).toHaveValue("50");
  expect((await resultOf(service, jobId)).version).toBe(before.version);
  await kick.focus();
  await kick.press("Home");
  await page.getByRole("button", { name: "Apply" }).click();
  await expect
    .poll(async () => (await resultOf(service, jobId)).hit_summary.kick ?? 0)
    .toBeLessThan(before.hit_summary.kick!);
  const after = await resultOf(service, jobId);
  expect(after.hit_summary.snare).toBe(before.hit_summary.snare);
  expect(after.hits).toContainEqual(mine);
  // One step with the slider, which goes back, too.
  await page.getByRole("button", { name: "Undo" }).click();
  await expect.poll(async () => (await resultOf(service, jobId)).settings.sensitivity_by_instrument).toEqual({});
  await saved(page);
  expect((await resultOf(service, jobId)).hits).toEqual(before.hits);
  await expect(kick).toHaveValue("50");
});

test("metre_is_a_step_of_undo_and_the_steps_survive_a_reload", async ({ page, service }) => {
  const jobId = await openEditor(page);
  const before = await resultOf(service, jobId);
  await focusGrid(page);
  await page.keyboard.press("Enter");
  await saved(page);
  const edited = await resultOf(service, jobId);
  await page.getByRole("button", { name: "Tempo and bars" }).click();
  await page.getByLabel("Metre").selectOption("3/4");
  await expect.poll(async () => (await resultOf(service, jobId)).time_signature).toBe("3/4");
  await saved(page);
  await page.reload();
  const undo = page.getByRole("button", { name: "Undo" });
  await expect(undo).toHaveAttribute("title", "Metre");
  await undo.click();
  await expect.poll(async () => (await resultOf(service, jobId)).time_signature).toBe(before.time_signature);
  await saved(page);
  expect((await resultOf(service, jobId)).hits).toEqual(edited.hits);
  await page.keyboard.press("Control+z");
  await expect.poll(async () => (await resultOf(service, jobId)).hits).toEqual(before.hits);
  await page.getByRole("button", { name: "Redo" }).click();
  await expect.poll(async () => (await resultOf(service, jobId)).hits).toEqual(edited.hits);
});

test("steps_of_a_song_that_was_changed_elsewhere_are_dropped_and_the_page_says_so", async ({ page, service }) => {
  const jobId = await openEditor(page);
  await focusGrid(page);
  await page.keyboard.press("Enter");
  await saved(page);
  const { hits } = await resultOf(service, jobId);
  const answer = await page.request.put(`/api/v1/jobs/${jobId}/score`, { data: { hits: hits.slice(1) } });
  expect(answer.ok()).toBe(true);
  await page.reload();
  await expect(page.getByText("earlier steps cannot be undone any more")).toBeVisible();
  await expect(page.getByRole("button", { name: "Undo" })).toHaveCount(0);
});
