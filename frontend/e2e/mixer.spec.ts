import type { Page } from "@playwright/test";
import { listen } from "./heard";
import { expect, test, openExample } from "./test";

/** The loudest sample of the next half second that the context plays. */
const loudest = (page: Page): Promise<number> =>
  page.evaluate(async () => {
    const { peaks } = window.ear;
    const from = peaks.length;
    while (peaks.length - from < 0.5 * (44100 / 128)) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return Math.max(...peaks.slice(from).map(({ peak }) => peak));
  });

const SILENT = 0.003;
const HEARD = 0.02;

test("mixer_mutes_lets_one_through_and_sets_how_loud", async ({ page, service }) => {
  await listen(page, service);
  await openExample(page);
  await expect(page.getByRole("button", { name: "Play" })).toBeEnabled();
  await page.getByRole("button", { name: "Mixer" }).click();
  // Two bars again and again, so that the song does not end under a slow machine.
  await page.getByRole("button", { name: "Loop", exact: true }).click();
  await page.getByRole("button", { name: "Play" }).click();
  const press = (name: string) => page.getByRole("button", { name, exact: true }).click();
  const sound = () => expect.poll(() => loudest(page));

  await sound().toBeGreaterThan(HEARD);
  await press("Mute Recording");
  await sound().toBeLessThan(SILENT);
  await press("Mute Transcription");
  await sound().toBeGreaterThan(HEARD);
  await press("Solo Recording");
  await press("Mute Recording");
  await press("Mute Transcription");
  await sound().toBeGreaterThan(HEARD);
  await page.getByLabel("Volume of Recording").fill("0");
  await sound().toBeLessThan(SILENT);
  await press("Transcription only");
  await sound().toBeGreaterThan(HEARD);
  await press("Mute Transcription");
  await sound().toBeLessThan(SILENT);
  // The click is one of its own.
  await press("Click");
  await sound().toBeGreaterThan(HEARD);
});

test("count_in_is_heard_before_the_song_moves", async ({ page, service }) => {
  await listen(page, service);
  await openExample(page);
  await expect(page.getByRole("button", { name: "Play" })).toBeEnabled();
  // Slow, so that the bar that is counted lasts long enough to be looked at.
  await page.getByLabel("Speed in percent").fill("25");
  await page.getByLabel("Count-in").selectOption("1");
  await page.getByRole("button", { name: "Play" }).click();
  await expect(page.getByText("counting in")).toBeVisible();
  await expect.poll(() => loudest(page)).toBeGreaterThan(HEARD);
  const head = page.getByTestId("playhead");
  const share = () => head.evaluate((element) => parseFloat(element.style.left));
  await expect(page.getByText("counting in")).toBeHidden();
  await expect.poll(share).toBeGreaterThan(0);
  await page.getByRole("button", { name: "Pause" }).click();
  await expect(page.getByRole("button", { name: "Play" })).toBeVisible();
  // Where it stands is drawn by the next frame.
  let stopped = await share();
  await expect
    .poll(
      async () => {
        const before = stopped;
        stopped = await share();
        return stopped === before;
      },
      { intervals: [150] },
    )
    .toBe(true);
  await page.getByRole("button", { name: "Play" }).click();
  await expect(page.getByText("counting in")).toBeVisible();
  expect(await share()).toBeCloseTo(stopped, 1);
});
