import type { Locator, Page } from "@playwright/test";
import { expect, restingBox, resultOf, test, openExample } from "./test";

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

/** A finger that comes down in the middle of an element, goes so far in pixels and leaves. */
async function dragged(page: Page, from: Locator, by: { x: number; y: number }, at = 0.5): Promise<void> {
  // A page that was flung before goes on for as long as it likes.
  await from.scrollIntoViewIfNeeded();
  await expect(from).toBeInViewport();
  const box = await restingBox(from);
  const [x, y] = [box.x + at * box.width, box.y + box.height / 2];
  const finger = await page.context().newCDPSession(page);
  const touch = (type: "touchStart" | "touchMove" | "touchEnd", touchPoints: { x: number; y: number }[]) =>
    finger.send("Input.dispatchTouchEvent", { type, touchPoints });
  await touch("touchStart", [{ x, y }]);
  for (let step = 1; step <= 8; step += 1) {
    await touch("touchMove", [{ x: x + (by.x * step) / 8, y: y + (by.y * step) / 8 }]);
  }
  await touch("touchEnd", []);
  await finger.detach();
}

test("loops_and_bar_lines_are_dragged_by_a_finger_and_the_page_is_scrolled_over_them", async ({ page, service }, info) => {
  const jobId = await openExample(page);
  const before = await resultOf(service, jobId);
  await expect(page.getByRole("button", { name: "Play" })).toBeEnabled();
  const wave = page.getByRole("slider", { name: "Place in the song" });
  const loop = page.getByRole("button", { name: "Loop", exact: true });
  await page.getByRole("button", { name: "Practise" }).click();

  // Up and down scrolls, and draws nothing.
  const scrolled = () => page.evaluate(() => scrollY);
  await dragged(page, wave, { x: 4, y: -160 });
  await expect.poll(scrolled).toBeGreaterThan(40);
  await expect(loop).toHaveAttribute("aria-pressed", "false");

  await dragged(page, wave, { x: 110, y: 6 }, 0.3);
  await expect(loop).toHaveAttribute("aria-pressed", "true");
  await page.screenshot({ path: info.outputPath("loop.png") });
  await loop.click();
  await expect(loop).toHaveAttribute("aria-pressed", "false");

  // A phone has no room for both.
  await page.getByRole("button", { name: "Correct notes" }).click();
  const handle = page.getByTestId("bar-line-3");
  await expect(handle).toBeVisible();
  await expect(loop).toBeHidden();
  await expect(page.getByTestId("drum-grid")).toBeInViewport();
  await page.evaluate(() => scrollTo(0, 0));
  await expect(handle).toBeInViewport();
  const beat = before.beats[1]! - before.beats[0]!;
  const pixels = (beat * (await wave.boundingBox())!.width) / before.duration_seconds;
  await dragged(page, handle, { x: 1.2 * pixels, y: 20 });
  await page.screenshot({ path: info.outputPath("line.png") });
  const lengths = async () => {
    const { downbeats, beats } = await resultOf(service, jobId);
    const at = downbeats.map((time) => beats.indexOf(time));
    return at.slice(1, 5).map((start, i) => start - at[i]!);
  };
  await expect.poll(lengths).toEqual([4, 5, 4, 4]);
  await expect(wave.locator(".border-bronze")).toHaveCount(0);
});
