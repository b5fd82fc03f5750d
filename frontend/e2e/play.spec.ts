import type { Page } from "@playwright/test";
import { forget, heard, listen, loudnessOf, shareShown, soundBehindPage } from "./heard";
import { expect, expectAccessible, restingBox, resultOf, test, timeMapOf, openExample } from "./test";

async function openPlayer(page: Page): Promise<string> {
  const jobId = await openExample(page);
  await expect(page.locator(".score-page svg").first()).toBeVisible();
  await expect(page.getByRole("button", { name: "Play" })).toBeEnabled();
  return jobId;
}

const slider = (page: Page) => page.getByRole("slider", { name: "Place in the song" });
const shownSecond = async (page: Page) => Number(await slider(page).getAttribute("aria-valuenow"));

test("cursor_lit_notes_and_bar_follow_the_time_map", async ({ page, service }) => {
  const jobId = await openPlayer(page);
  const map = await timeMapOf(service, jobId);
  await page.getByRole("button", { name: "Play" }).click();
  await expect.poll(() => shownSecond(page)).toBeGreaterThanOrEqual(4);
  // Everything within one frame: the song goes on.
  const seen = await page.evaluate((bars) => {
    const { measure } = document.querySelector<HTMLElement>(".score")!.dataset;
    const line = document.querySelector(".score-cursor")!.getBoundingClientRect();
    const bar = document.getElementById(bars.find(({ number }) => String(number) === measure)!.svg_id)!.getBoundingClientRect();
    return {
      measure,
      lit: [...document.querySelectorAll("[data-lit]")].map((note) => note.id),
      share: parseFloat(document.querySelector<HTMLElement>('[data-testid="playhead"]')!.style.left),
      place: document.querySelector('[data-testid="place"]')?.textContent,
      isLineInBar: line.left >= bar.left - 4 && line.left <= bar.right + 4,
    };
  }, map.measures);
  await page.getByRole("button", { name: "Pause" }).click();
  const { duration_seconds: duration } = await resultOf(service, jobId);
  const now = (seen.share / 100) * duration;
  // The frame before may still be shown: a bar or a note is right if it was within 50 ms.
  const measures = map.measures.filter(
    (one) => one.start_seconds <= now + 0.05 && one.end_seconds > now - 0.05,
  );
  expect(measures.map((one) => String(one.number))).toContain(seen.measure);
  expect(seen.place).toContain(`bar ${seen.measure}`);
  const lit = seen.lit.map((id) => map.notes.find((note) => note.id === id)!.page_seconds);
  expect(lit.length).toBeGreaterThan(0);
  const next = map.notes.find((note) => note.page_seconds > Math.max(...lit) + 0.001);
  for (const seconds of lit) expect(seconds).toBeLessThanOrEqual(now + 0.05);
  expect(next?.page_seconds ?? Infinity).toBeGreaterThan(now - 0.05);
  // The line stands inside the bar that sounds.
  expect(seen.isLineInBar).toBe(true);
  await expectAccessible(page);
});

/** Waits until so many seconds more have gone to the loudspeaker, however slow the machine. */
async function heardFor(page: Page, seconds: number): Promise<void> {
  const clock = () => page.evaluate(() => window.ear.context!.currentTime);
  const from = await clock();
  await expect.poll(clock, { intervals: [100] }).toBeGreaterThan(from + seconds);
}

/** Plays from a place at a speed until four seconds of it have been heard. */
async function playFrom(page: Page, preset: string, percent: number, fromStep: number) {
  await page.getByRole("button", { name: "Mixer" }).click();
  await page.getByRole("button", { name: preset, exact: true }).click();
  await page.getByLabel("Speed in percent").fill(String(percent));
  await slider(page).focus();
  for (let i = 0; i < fromStep; i += 1) await page.keyboard.press("ArrowRight");
  await page.getByRole("button", { name: "Play" }).click();
  await expect(page.getByRole("button", { name: "Pause" })).toBeVisible();
  await heardFor(page, 1.5);
  await forget(page);
  await heardFor(page, 4);
}

for (const [percent, fromStep] of [
  [100, 1],
  [60, 3],
] as const) {
  test(`sound_is_where_the_cursor_stands_at_${percent}_percent`, async ({ page, service }) => {
    await listen(page, service);
    const jobId = await openPlayer(page);
    const { hits, duration_seconds: duration } = await resultOf(service, jobId);

    await playFrom(page, "Transcription only", percent, fromStep);
    const { attacks, shown } = await heard(page);
    const times = hits.map((hit) => hit.time);
    const errors = attacks.flatMap((attack) => {
      const share = shareShown(shown, attack);
      if (share === null) return [];
      return [Math.min(...times.map((time) => Math.abs(time - share * duration)))];
    });
    expect(errors.length).toBeGreaterThan(5);
    const median = errors.sort((a, b) => a - b)[Math.floor(errors.length / 2)]!;
    console.log(`kit at ${percent} %: ${errors.length} attacks, median ${(1000 * median).toFixed(1)} ms off`);
    expect(median).toBeLessThan(0.03);

    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByRole("button", { name: "Mixer" }).click();
    await playFrom(page, "Song", percent, 0);
    const url = `/api/v1/jobs/${jobId}/download/recording`;
    const { lagSeconds } = await soundBehindPage(page, await loudnessOf(page, url), duration);
    console.log(`recording at ${percent} %: ${(1000 * lagSeconds).toFixed(0)} ms behind the page`);
    expect(Math.abs(lagSeconds)).toBeLessThan(0.03);
  });
}

test("loop_goes_round_inside_its_bars", async ({ page, service }) => {
  const jobId = await openPlayer(page);
  const map = await timeMapOf(service, jobId);
  const { duration_seconds: duration } = await resultOf(service, jobId);
  await page.getByRole("button", { name: "Loop", exact: true }).click();
  await page.getByLabel("Loop from bar").fill("2");
  await page.getByLabel("Loop to bar").fill("2");
  const [bar] = map.measures.filter((one) => one.number === 2);
  await page.getByRole("button", { name: "Play" }).click();
  const head = page.getByTestId("playhead");
  const placeNow = () => head.evaluate((line) => parseFloat(line.style.left)).then((left) => (left / 100) * duration);
  await expect.poll(placeNow).toBeGreaterThan(bar!.start_seconds - 0.1);
  const places: number[] = [];
  for (let i = 0; i < 30; i += 1) {
    places.push(await placeNow());
    await page.waitForTimeout(120);
  }
  for (const place of places) {
    expect(place).toBeGreaterThan(bar!.start_seconds - 0.1);
    expect(place).toBeLessThan(bar!.end_seconds + 0.1);
  }
  expect(places.some((place, i) => place < (places[i - 1] ?? 0))).toBe(true);
});

test("click_on_a_note_or_a_bar_goes_there", async ({ page, service }) => {
  const jobId = await openPlayer(page);
  const map = await timeMapOf(service, jobId);
  const { duration_seconds: duration } = await resultOf(service, jobId);
  const note = map.notes[40]!;
  const head = page.locator(`#${note.id} .notehead`);
  await head.scrollIntoViewIfNeeded();
  await restingBox(head);
  await head.click({ force: true });
  await expect
    .poll(() =>
      page.getByTestId("playhead").evaluate((head) => parseFloat(head.style.left)),
    )
    .toBeCloseTo((100 * note.time_seconds) / duration, 0);
});

test("space_plays_and_pauses_but_not_while_typing", async ({ page }) => {
  await openPlayer(page);
  await page.locator("h1").click();
  await page.keyboard.press("Space");
  await expect(page.getByRole("button", { name: "Pause" })).toBeVisible();
  await page.keyboard.press("Space");
  await expect(page.getByRole("button", { name: "Play" })).toBeVisible();
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog")).toContainText("play or pause");
  await expectAccessible(page);
});
