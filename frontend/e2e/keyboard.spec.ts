import type { Locator, Page } from "@playwright/test";
import { expect, expectAccessible, jobIdOf, resultOf, saved, test } from "./test";

const MOST_STOPS = 120;

/** Walks on with the Tab key until there; every stop on the way must be seen to be one. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeVisible();
  for (let i = 0; i < MOST_STOPS; i += 1) {
    await page.keyboard.press("Tab");
    const stop = await page.evaluate(() => {
      const element = document.activeElement!;
      if (element === document.body) return null;
      const { outlineStyle, outlineWidth } = getComputedStyle(element);
      return { html: element.outerHTML.slice(0, 120), ring: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 };
    });
    if (stop) expect(stop, "a focus that is seen").toMatchObject({ ring: true });
    if (await target.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error("The Tab key does not lead there.");
}

test("whole_way_from_a_song_to_its_end_needs_no_mouse", async ({ page, service }) => {
  await page.goto("/");
  await tabTo(page, page.getByRole("button", { name: "Try the example" }));
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/jobs\/\?id=/);
  await expect(page.getByRole("heading", { name: "What is played" })).toBeVisible({
    timeout: 150_000,
  });
  const jobId = jobIdOf(page);
  await expect(page.getByRole("button", { name: "Play" })).toBeEnabled();
  await expect(page.locator(".score-page svg").first()).toBeVisible();

  // Hear it: bar by bar, slower, in a loop.
  const bar = () => page.locator("div.score").getAttribute("data-measure");
  await page.keyboard.press(".");
  await expect.poll(bar).toBe("1");
  await page.keyboard.press(".");
  await page.keyboard.press(".");
  await expect.poll(bar).toBe("3");
  await page.keyboard.press(",");
  await expect.poll(bar).toBe("2");
  await page.keyboard.press("[");
  await expect(page.getByText("Speed 95 %")).toBeVisible();
  await page.keyboard.press("l");
  await expect(page.getByLabel("Loop from bar")).toHaveValue("2");
  await expect(page.getByLabel("Loop to bar")).toHaveValue("5");
  await page.keyboard.press("Space");
  await expect(page.getByRole("button", { name: "Pause" })).toBeVisible();
  await page.keyboard.press("Space");

  // The keys are listed; Escape leads back.
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog")).toContainText("a bar back, a bar on");
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toBeHidden();

  // Correct it.
  await tabTo(page, page.getByRole("button", { name: "Correct notes" }));
  await page.keyboard.press("Enter");
  const grid = page.getByTestId("drum-grid");
  await tabTo(page, grid);
  const before = (await resultOf(service, jobId)).hits;
  for (let i = 0; i < 9; i += 1) await page.keyboard.press("ArrowUp");
  for (let i = 0; i < 6; i += 1) await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await page.keyboard.press("a");
  await page.keyboard.press("9");
  await expect(page.getByTestId("selection")).toContainText("1 note");
  await saved(page);
  const added = (await resultOf(service, jobId)).hits.find((hit) => hit.articulation === "accent" && hit.instrument === "crash");
  expect(added).toMatchObject({ velocity: 1, confidence: 1 });
  await page.keyboard.press("Control+z");
  await page.keyboard.press("Control+z");
  await page.keyboard.press("Control+z");
  await saved(page);
  expect((await resultOf(service, jobId)).hits).toEqual(before);

  // And throw it away; the harmless button is the one that has the focus.
  await tabTo(page, page.getByRole("button", { name: "Delete this song" }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Keep it" })).toBeFocused();
  // Whoever keeps it goes on where they were, not at the top of the page.
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Delete this song" })).toBeFocused();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Delete this song" })).toBeFocused();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: "Delete it" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "My songs" })).toBeVisible();
  expect((await fetch(`${service.url}/api/v1/jobs/${jobId}`)).status).toBe(404);
});
