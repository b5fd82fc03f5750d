import type { Page } from "@playwright/test";
import { EXAMPLE_SONG } from "./service";
import { dropFile, expect, resultOf, test, openExample } from "./test";

test("another_way_to_count_is_one_press_and_one_press_back", async ({ page, service }) => {
  const jobId = await openExample(page);
  const before = await resultOf(service, jobId);
  expect(before.alternatives.length).toBeGreaterThan(0);
  const offers = page.getByRole("group", { name: "Other ways to count" });
  // The finder itself knows how the example could be counted, too.
  await offers.getByRole("button", { name: "in 2/4" }).click();
  await expect.poll(async () => (await resultOf(service, jobId)).time_signature).toBe("2/4");
  await expect(page.getByText("2/4", { exact: true }).first()).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect.poll(async () => (await resultOf(service, jobId)).time_signature).toBe("4/4");
  const after = await resultOf(service, jobId);
  expect(after.beats).toEqual(before.beats);
  expect(after.hits).toEqual(before.hits);
});

/** Taps by key, at moments that no load of the machine moves. */
const tapEvery = (page: Page, milliseconds: number, count: number) =>
  page.evaluate(
    ([every, taps]) => {
      for (let i = 0; i < taps; i += 1) {
        const event = new KeyboardEvent("keydown", { key: "t", bubbles: true });
        Object.defineProperty(event, "timeStamp", { value: 1000 + i * every });
        document.body.dispatchEvent(event);
      }
    },
    [milliseconds, count] as const,
  );

test("tempo_is_tapped_in_the_form_with_the_file_and_under_tempo_and_bars", async ({ page, service }) => {
  await page.goto("/");
  await dropFile(page, EXAMPLE_SONG);
  await page.locator("summary").first().click();
  const sound = page.getByLabel("Listen to the file");
  await expect(sound).toBeVisible();
  await expect.poll(() => sound.evaluate((audio: HTMLAudioElement) => audio.readyState)).toBeGreaterThan(0);
  await tapEvery(page, 500, 5);
  await page.getByRole("button", { name: "Use ♩ = 120" }).click();
  await expect(page.getByLabel("Tempo", { exact: true })).toHaveValue("120");
  await page.getByLabel("Tempo", { exact: true }).fill("");

  const jobId = await openExample(page);
  const before = await resultOf(service, jobId);
  await page.getByRole("button", { name: "Tempo and bars" }).click();
  await tapEvery(page, 60_000 / before.bpm, 3);
  await expect(page.getByText("One more tap")).toBeVisible();
  await tapEvery(page, 60_000 / before.bpm, 4);
  const bpm = Math.round(before.bpm);
  await expect(page.getByText(`${bpm} beats a minute`)).toBeVisible();
  await page.getByRole("button", { name: `Use ♩ = ${bpm}`, exact: true }).click();
  await expect.poll(async () => (await resultOf(service, jobId)).settings.bpm).toBe(bpm);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect.poll(async () => (await resultOf(service, jobId)).settings.bpm).toBeNull();
});
