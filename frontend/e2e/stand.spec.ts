import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Page } from "@playwright/test";
import { ROOT } from "./service";
import { dropFile, expect, expectAccessible, test, restingBox } from "./test";

const CLIP = path.join(ROOT, "backend", "tests", "regression", "clips", "fast-ride.ogg");

/** A song of a minute, of one clip chained five times, on its page. */
async function openLongSong(page: Page, song: string): Promise<void> {
  const clip = await readFile(CLIP);
  await writeFile(song, Buffer.concat(Array.from({ length: 5 }, () => clip)));
  await page.goto("/");
  await dropFile(page, song);
  await page.getByRole("button", { name: "Write the drum part" }).click();
  await expect(page.locator(".score-page svg").first()).toBeVisible({ timeout: 150_000 });
  await expect(page.getByRole("button", { name: "Play", exact: true })).toBeEnabled();
}

interface Seen {
  /** Numbers of the lines that can be seen, first and last. */
  lines: number[];
  /** Lines and bars of which only a part can be seen. */
  cut: string[];
}

/** What of the score stands in the window, measured in the browser. */
const seen = (page: Page): Promise<Seen> =>
  page.getByTestId("stand-window").evaluate((frame) => {
    const room = frame.getBoundingClientRect();
    const lines: number[] = [];
    const cut: string[] = [];
    [...frame.querySelectorAll(".system")].forEach((system, index) => {
      const box = system.getBoundingClientRect();
      if (box.bottom <= room.top + 1 || box.top >= room.bottom - 1) return;
      lines.push(index);
      if (box.top < room.top - 1 || box.bottom > room.bottom + 1) cut.push(`line ${index}`);
      for (const bar of system.querySelectorAll("g.measure")) {
        const { left, right } = bar.getBoundingClientRect();
        if (left < -1 || right > innerWidth + 1) cut.push(bar.id);
      }
    });
    return { lines, cut };
  });

/** What is seen once it has come to rest: lines are measured after they are drawn, and cut to the window then. */
async function atRest(page: Page): Promise<Seen> {
  let now = await seen(page);
  await expect
    .poll(
      async () => {
        const before = now;
        now = await seen(page);
        return now.lines.length > 0 && JSON.stringify(now) === JSON.stringify(before) ? now.cut : "not at rest";
      },
      { intervals: [150] },
    )
    .toEqual([]);
  return now;
}

const onStand = async (page: Page): Promise<Seen> => {
  await page.getByRole("button", { name: "On the stand" }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  return atRest(page);
};

const turnedTo = (page: Page, line: number) => expect.poll(async () => (await seen(page)).lines[0]).toBe(line);

test("stand_shows_whole_lines_and_turns_by_keys_taps_and_sound", async ({ page }, info) => {
  // One song for all screens: hearing it takes most of the time.
  test.slow();
  await page.setViewportSize({ width: 1180, height: 820 });
  await openLongSong(page, info.outputPath("long-ride.ogg"));
  for (const [width, height, least] of [[1180, 820, 3], [844, 390, 2]] as const) {
    await page.setViewportSize({ width, height });
    const first = await onStand(page);
    expect(first.lines.length).toBeGreaterThanOrEqual(least);

    // A pedal turns to the very next line, and back to where one was.
    await page.keyboard.press("PageDown");
    await turnedTo(page, first.lines.at(-1)! + 1);
    await atRest(page);
    await page.keyboard.press("PageUp");
    await expect.poll(async () => seen(page)).toEqual(first);

    // No size cuts a bar, and notes do grow.
    const head = () =>
      page.getByTestId("stand-window").locator(".notehead").first().evaluate((note) => note.getBoundingClientRect().width);
    const before = await head();
    for (let zoom = 110; zoom <= 200; zoom += 10) {
      await page.getByRole("button", { name: "Larger notes" }).click();
      await expect(page.getByText(`${zoom} %`)).toBeVisible();
      if (![110, 120, 200].includes(zoom)) continue;
      await atRest(page);
    }
    await expect.poll(head).toBeGreaterThan(1.8 * before);
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog")).toHaveCount(0);
  }

  // A phone held upright has room for the key, too, and no button runs out of it.
  await page.setViewportSize({ width: 390, height: 844 });
  await onStand(page);
  await page.getByRole("button", { name: "Drum key" }).click();
  const key = page.getByRole("list", { name: "Drum key" }).getByRole("listitem");
  await expect(key.filter({ hasText: "Ride" })).toBeVisible();
  await expect.poll(async () => (await seen(page)).lines.length).toBeGreaterThan(1);
  await expect.poll(async () => (await seen(page)).cut).toEqual([]);
  for (const control of await page.getByRole("dialog").getByRole("button").all()) {
    const box = (await control.boundingBox())!;
    expect(box.x).toBeGreaterThanOrEqual(0);
    expect(box.x + box.width).toBeLessThanOrEqual(390);
  }
  await expectAccessible(page);
  await page.keyboard.press("Escape");

  await page.setViewportSize({ width: 844, height: 390 });
  const first = await onStand(page);
  await expectAccessible(page);
  const next = first.lines.at(-1)! + 1;

  // What the heads mean; the lines make room for it, and none is cut.
  await page.getByRole("button", { name: "Drum key" }).click();
  await expect(key.filter({ hasText: "Ride" }).locator("use")).toHaveCount(1);
  await expect.poll(async () => (await seen(page)).cut).toEqual([]);
  await expectAccessible(page);
  await page.getByRole("button", { name: "Drum key" }).click();
  await expect.poll(async () => seen(page)).toEqual(first);
  for (const key of ["ArrowRight", "Space"]) {
    await page.keyboard.press(key);
    await turnedTo(page, next);
    await page.keyboard.press("Home");
    await turnedTo(page, 0);
  }
  const box = await restingBox(page.getByTestId("stand-window"));
  await page.mouse.click(box.x + box.width * 0.8, box.y + box.height / 2);
  await turnedTo(page, next);
  await page.mouse.click(box.x + box.width * 0.1, box.y + box.height / 2);
  await turnedTo(page, 0);

  // Half pages keep the line that is being read.
  await page.getByRole("button", { name: "Whole pages" }).click();
  await page.keyboard.press("PageDown");
  await turnedTo(page, Math.ceil(first.lines.length / 2));
  await page.keyboard.press("Home");
  await turnedTo(page, 0);

  // The recording turns the page.
  await page.getByRole("dialog").getByRole("button", { name: "Play", exact: true }).click();
  await expect.poll(async () => (await seen(page)).lines[0]).toBeGreaterThan(0);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "Correct notes" })).toBeVisible();
});
