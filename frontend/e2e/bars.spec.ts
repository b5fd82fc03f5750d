import type { Locator, Page } from "@playwright/test";
import { boxInSight, expect, expectAccessible, restingBox, resultOf, saved, test, timeMapOf, openExample } from "./test";

const menuOf = (page: Page, bar: number): Locator => page.getByRole("dialog", { name: `Bar ${bar}` });

/** By the other button of the mouse, in the middle of the bar. */
async function openMenu(page: Page, bar: number): Promise<Locator> {
  const drawn = page.locator(`#bar-${bar}`);
  const box = await boxInSight(drawn);
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2, { button: "right" });
  await expect(menuOf(page, bar)).toBeVisible();
  return menuOf(page, bar);
}

test("bar_lines_are_put_right_by_the_menu_of_a_bar_and_undone", async ({ page, service }) => {
  const jobId = await openExample(page);
  const before = await resultOf(service, jobId);
  const third = before.downbeats[2]!;
  const menu = await openMenu(page, 3);
  await expectAccessible(page);
  await menu.getByRole("combobox", { name: "Metre" }).selectOption("2/4");
  await menu.getByRole("button", { name: "This bar only" }).click();
  await expect(menu).toBeHidden();
  const bars = async () => (await timeMapOf(service, jobId)).measures.map((bar) => bar.time_signature).slice(1, 5);
  await expect.poll(bars).toEqual(["4/4", "2/4", "4/4", "4/4"]);
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
  await expect.poll(lengths).toEqual([4, 4, 2, 5]);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect.poll(lengths).toEqual([4, 4, 2, 4]);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect.poll(async () => (await resultOf(service, jobId)).beat_numbers).toEqual(before.beat_numbers);

  // The first line has nothing before it: all go with it, and a pickup is before it then.
  const first = await openMenu(page, 1);
  await expect(first.getByLabel("and all bar lines after it")).toHaveCount(0);
  await first.getByRole("button", { name: "A beat later", exact: true }).click();
  const begin = async () => (await timeMapOf(service, jobId)).measures.slice(0, 2).map(({ number, beats }) => [number, beats.length]);
  await expect.poll(begin).toEqual([[0, 1], [1, 4]]);
});

test("six_eighths_and_three_quarters_are_told_apart_survive_a_reload_and_are_undone", async ({ page, service }, info) => {
  const jobId = await openExample(page);
  const before = await resultOf(service, jobId);
  const metres = async () => (await timeMapOf(service, jobId)).measures.map((bar) => bar.time_signature).slice(1, 5);
  const menu = await openMenu(page, 3);
  await menu.getByRole("combobox", { name: "Metre" }).selectOption("6/8");
  await page.screenshot({ path: info.outputPath("menu.png") });
  await menu.getByRole("button", { name: "This bar only" }).click();
  await expect.poll(metres).toEqual(["4/4", "6/8", "4/4", "4/4"]);
  await saved(page);

  await page.reload();
  await expect(page.locator("#bar-3 .meterSig").first()).toBeVisible();
  const again = await openMenu(page, 3);
  const metre = again.getByRole("combobox", { name: "Metre" });
  await expect(metre).toHaveValue("6/8");
  await page.screenshot({ path: info.outputPath("page.png") });
  await metre.selectOption("3/4");
  await again.getByRole("button", { name: "This bar only" }).click();
  await expect.poll(metres).toEqual(["4/4", "3/4", "4/4", "4/4"]);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect.poll(metres).toEqual(["4/4", "6/8", "4/4", "4/4"]);
  const xml = await (await fetch(`${service.url}/api/v1/jobs/${jobId}/download/musicxml`)).text();
  expect([...xml.matchAll(/<beats>(\d+)<\/beats>\s*<beat-type>(\d+)</g)].map(([, beats, of]) => `${beats}/${of}`)).toEqual(
    ["4/4", "6/8", "4/4"],
  );
  await page.getByRole("button", { name: "Undo" }).click();
  await expect.poll(async () => (await resultOf(service, jobId)).beat_numbers).toEqual(before.beat_numbers);
  expect((await resultOf(service, jobId)).bar_time_signatures).toEqual([]);
});

test("bar_is_copied_and_repeated_by_keyboard_alone", async ({ page, service }) => {
  const jobId = await openExample(page);
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
  const jobId = await openExample(page);
  const menu = await openMenu(page, 5);
  await menu.getByLabel("Section that begins here").fill("Chorus");
  await menu.getByLabel("Text over the bar").fill("Watch the stop");
  await expectAccessible(page);
  await page.keyboard.press("Enter");
  await expect(menu).toBeHidden();
  await expect(page.locator("#bar-5 .reh")).toHaveText("Chorus");
  await expect(page.locator("#bar-5 .dir")).toHaveText("Watch the stop");
  const xml = await (await fetch(`${service.url}/api/v1/jobs/${jobId}/download/musicxml`)).text();
  expect(xml).toContain(">Chorus</rehearsal>");
  expect(xml).toContain(">Watch the stop</words>");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.locator("#bar-5 .dir")).toHaveCount(0);
});

test("bar_line_is_dragged_on_the_waveform_seen_before_it_is_dropped_and_undone", async ({ page, service }) => {
  const jobId = await openExample(page);
  const before = await resultOf(service, jobId);
  await expect(page.getByTestId("bar-line-3")).toHaveCount(0);
  await page.getByRole("button", { name: "Correct notes" }).click();
  const handle = page.getByTestId("bar-line-3");
  await expect(handle).toBeVisible();
  await page.evaluate(() => scrollTo(0, 0));
  const wave = await restingBox(page.getByRole("slider", { name: "Place in the song" }));
  const beat = before.beats[1]! - before.beats[0]!;
  const pixels = (beat * wave.width) / before.duration_seconds;
  const takeHold = async () => {
    const box = await restingBox(handle);
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2 + 1.1 * pixels, box.y + 40, { steps: 5 });
    await expect(page.getByText("a beat later", { exact: true })).toBeVisible();
    return box;
  };
  const box = await takeHold();
  await page.keyboard.press("Escape");
  await expect(page.getByText("a beat later", { exact: true })).toBeHidden();
  await page.mouse.up();
  expect((await handle.boundingBox())!.x).toBeCloseTo(box.x, 0);
  expect((await resultOf(service, jobId)).version).toBe(before.version);

  await takeHold();
  await page.mouse.up();
  const lengths = async () => {
    const { downbeats, beats } = await resultOf(service, jobId);
    const at = downbeats.map((time) => beats.indexOf(time));
    return at.slice(1, 5).map((start, i) => start - at[i]!);
  };
  await expect.poll(lengths).toEqual([4, 5, 4, 4]);
  // No loop came of it, and nobody was taken elsewhere.
  await expect(page.getByRole("button", { name: "Loop", exact: true })).toHaveAttribute("aria-pressed", "false");
  await expect(page.getByTestId("place")).toContainText("0:00 /");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect.poll(lengths).toEqual([4, 4, 4, 4]);

  // Alone, by half a beat, zoomed in.
  await page.getByRole("group", { name: "Zoom of the sound" }).getByRole("button", { name: "Zoom in" }).click();
  await page.getByLabel("and all bar lines after it").uncheck();
  const near = await restingBox(handle);
  await page.mouse.move(near.x + near.width / 2, near.y + near.height / 2);
  await page.mouse.down();
  await page.keyboard.down("Alt");
  await page.mouse.move(near.x + near.width / 2 - pixels, near.y + 40, { steps: 5 });
  await expect(page.getByText("half a beat earlier", { exact: true })).toBeVisible();
  await page.mouse.up();
  await page.keyboard.up("Alt");
  const signatures = async () => (await timeMapOf(service, jobId)).measures.map((bar) => bar.time_signature).slice(0, 5);
  await expect.poll(signatures).toEqual(["4/4", "7/8", "9/8", "4/4", "4/4"]);
});

test("what_is_dragged_and_let_go_before_it_was_drawn_counts", async ({ page, service }) => {
  const jobId = await openExample(page);
  const before = await resultOf(service, jobId);
  await expect(page.getByRole("button", { name: "Play", exact: true })).toBeEnabled();
  await expect(page.getByRole("button", { name: "Loop", exact: true })).toBeVisible();
  const wave = page.getByRole("slider", { name: "Place in the song" });
  /** Down with the mouse itself; on the way and up within one task of the browser. */
  const drag = async (from: Locator, by: number, at: number) => {
    const box = await restingBox(from);
    const [x, y] = [box.x + at * box.width, box.y + box.height / 2];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await from.evaluate(
      (element, place) => {
        for (const type of ["pointermove", "pointerup"]) {
          element.dispatchEvent(new PointerEvent(type, { bubbles: true, pointerId: 1, ...place }));
        }
      },
      { clientX: x + by, clientY: y },
    );
    await page.mouse.up();
  };
  await drag(wave, 150, 0.3);
  await expect(page.getByRole("button", { name: "Loop", exact: true })).toHaveAttribute("aria-pressed", "true");
  await page.getByRole("button", { name: "Loop", exact: true }).click();

  await page.getByRole("button", { name: "Correct notes" }).click();
  const handle = page.getByTestId("bar-line-3");
  await expect(handle).toBeVisible();
  await page.evaluate(() => scrollTo(0, 0));
  const { width } = await restingBox(wave);
  await drag(handle, (1.1 * (before.beats[1]! - before.beats[0]!) * width) / before.duration_seconds, 0.5);
  const thirdBar = async () => (await resultOf(service, jobId)).downbeats[2];
  await expect.poll(thirdBar).toBeCloseTo(before.beats[before.beats.indexOf(before.downbeats[2]!) + 1]!, 3);
});

test("bar_is_not_changed_while_another_count_of_the_bars_is_being_written", async ({ page, service }) => {
  const jobId = await openExample(page);
  let letThrough = () => {};
  const held = new Promise<void>((resolve) => (letThrough = resolve));
  await page.route(`**/jobs/${jobId}`, async (route) => {
    if (route.request().method() === "PATCH") await held;
    await route.continue();
  });
  const menu = await openMenu(page, 3);
  await menu.getByRole("combobox", { name: "Metre" }).selectOption("2/4");
  await menu.getByRole("button", { name: "This bar only" }).click();
  await expect(menu).toBeHidden();
  // What would be said of the bars that are seen still, would come in the place of what was said first.
  const later = (await openMenu(page, 6)).getByRole("button", { name: "A beat later", exact: true });
  await expect(later).toBeDisabled();
  letThrough();
  await later.click();
  const bars = async () => (await timeMapOf(service, jobId)).measures.map((bar) => bar.time_signature).slice(1, 6);
  await expect.poll(bars).toEqual(["4/4", "2/4", "4/4", "5/4", "4/4"]);
});
