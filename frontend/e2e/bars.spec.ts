import type { Locator, Page } from "@playwright/test";
import { expect, expectAccessible, resultOf, saved, test, timeMapOf, transcribeExample } from "./test";

const menuOf = (page: Page, bar: number): Locator => page.getByRole("dialog", { name: `Bar ${bar}` });

/** By the other button of the mouse, in the middle of the bar. */
async function openMenu(page: Page, bar: number): Promise<Locator> {
  const drawn = page.locator(`#bar-${bar}`);
  await drawn.evaluate((element) => element.scrollIntoView({ block: "center" }));
  const box = (await drawn.boundingBox())!;
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2, { button: "right" });
  await expect(menuOf(page, bar)).toBeVisible();
  return menuOf(page, bar);
}

test("bar_lines_are_put_right_by_the_menu_of_a_bar_and_undone", async ({ page, service }) => {
  const jobId = await transcribeExample(page);
  const before = await resultOf(service, jobId);
  const third = before.downbeats[2]!;
  const menu = await openMenu(page, 3);
  await expectAccessible(page);
  await menu.getByRole("combobox", { name: "Metre" }).selectOption("2/4");
  await menu.getByRole("button", { name: "This bar only" }).click();
  await expect(menu).toBeHidden();
  const bars = async () => (await timeMapOf(service, jobId)).measures.map((bar) => bar.time_signature).slice(1, 5);
  await expect.poll(bars, { timeout: 60_000 }).toEqual(["4/4", "2/4", "4/4", "4/4"]);
  const after = await resultOf(service, jobId);
  expect(after.settings.bars.map(({ time_signature }) => time_signature)).toEqual(["2/4", "4/4"]);
  expect(after.settings.bars[0]!.at_seconds).toBeCloseTo(third, 6);
  // The sound does not move, nor does any note.
  expect(after.beats).toEqual(before.beats);
  expect(after.hits).toEqual(before.hits);

  // The line of another bar a beat later, all after it with it.
  await expect(page.locator("#bar-5")).toBeVisible();
  await (await openMenu(page, 5)).getByRole("button", { name: "A beat later", exact: true }).click();
  const lengths = async () => {
    const { downbeats, beats } = await resultOf(service, jobId);
    const at = downbeats.map((time) => beats.indexOf(time));
    return at.slice(1, 5).map((start, i) => start - at[i]!);
  };
  await expect.poll(lengths, { timeout: 60_000 }).toEqual([4, 4, 2, 5]);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect.poll(lengths, { timeout: 60_000 }).toEqual([4, 4, 2, 4]);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect.poll(async () => (await resultOf(service, jobId)).beat_numbers, { timeout: 60_000 }).toEqual(before.beat_numbers);
});

test("bar_is_copied_and_repeated_by_keyboard_alone", async ({ page, service }) => {
  const jobId = await transcribeExample(page);
  const before = await resultOf(service, jobId);
  const [first, second, third, fourth, fifth] = before.downbeats as [number, number, number, number, number];
  await expect(page.locator("#bar-2")).toBeVisible();
  // Before the first bar the recording begins.
  await page.locator("body").press(".");
  await page.keyboard.press(".");
  await page.keyboard.press("b");
  await expect(menuOf(page, 2)).toBeVisible();
  await menuOf(page, 2).getByRole("button", { name: "Copy" }).press("Enter");
  await expect(menuOf(page, 2)).toBeHidden();
  await page.keyboard.press(".");
  await page.keyboard.press(".");
  await page.keyboard.press("b");
  await menuOf(page, 4).getByRole("button", { name: "Repeat bar 2 up to here" }).press("Enter");
  await saved(page);
  const after = await resultOf(service, jobId);
  const drums = (from: number, to: number, { hits }: typeof after) =>
    hits.filter(({ time }) => time > from - 0.03 && time < to - 0.03).map(({ instrument }) => instrument).sort();
  const pattern = drums(second, third, before);
  expect(pattern.length).toBeGreaterThan(3);
  expect(drums(third, fourth, after)).toEqual(pattern);
  expect(drums(fourth, fifth, after)).toEqual(pattern);
  expect(drums(first, third, after)).toEqual(drums(first, third, before));
  await page.keyboard.press("Control+z");
  await saved(page);
  expect((await resultOf(service, jobId)).hits.map(({ time }) => time)).toEqual(before.hits.map(({ time }) => time));
});

test("section_is_named_and_text_stands_over_a_bar_in_every_file", async ({ page, service }) => {
  const jobId = await transcribeExample(page);
  const menu = await openMenu(page, 5);
  await menu.getByLabel("Section that begins here").fill("Chorus");
  await menu.getByLabel("Text over the bar").fill("Watch the stop");
  await expectAccessible(page);
  await page.keyboard.press("Enter");
  await expect(menu).toBeHidden();
  await expect(page.locator("#bar-5 .reh")).toHaveText("Chorus", { timeout: 60_000 });
  await expect(page.locator("#bar-5 .dir")).toHaveText("Watch the stop");
  const xml = await (await fetch(`${service.url}/api/v1/jobs/${jobId}/download/musicxml`)).text();
  expect(xml).toContain(">Chorus</rehearsal>");
  expect(xml).toContain(">Watch the stop</words>");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.locator("#bar-5 .dir")).toHaveCount(0, { timeout: 60_000 });
});
