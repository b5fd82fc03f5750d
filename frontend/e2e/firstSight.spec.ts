import type { Page } from "@playwright/test";
import { boxInSight, expect, expectAccessible, test } from "./test";

/** "Good" by https://web.dev/articles/cls. */
const MOST_SHIFT = 0.1;

interface Shift {
  value: number;
  what: string;
}

/** Notes what moves without anybody's doing, from the first paint of every page on. */
async function watchShifts(page: Page): Promise<() => Promise<Shift[]>> {
  await page.addInitScript(() => {
    const shifts: { value: number; what: string }[] = [];
    Object.assign(globalThis, { shifts });
    new PerformanceObserver((list) => {
      type Entry = PerformanceEntry & {
        value: number;
        hadRecentInput: boolean;
        sources: { node: Element | null }[];
      };
      for (const entry of list.getEntries() as Entry[]) {
        if (entry.hadRecentInput) continue;
        const what = entry.sources.map(({ node }) => (node as HTMLElement | null)?.outerHTML?.slice(0, 120));
        shifts.push({ value: entry.value, what: what.join(" | ") });
      }
    }).observe({ type: "layout-shift", buffered: true });
  });
  return () => page.evaluate(() => (globalThis as unknown as { shifts: Shift[] }).shifts);
}

function expectStill(shifts: readonly Shift[]): void {
  const sum = shifts.reduce((all, { value }) => all + value, 0);
  expect(sum, JSON.stringify(shifts, null, 1)).toBeLessThan(MOST_SHIFT);
}

for (const [screen, viewport] of [
  ["desktop", { width: 1280, height: 900 }],
  ["phone", { width: 390, height: 844 }],
] as const) {
  test.describe(() => {
    test.use({ viewport });

    test(`views_on_a_${screen}_stay_where_they_are`, async ({ page }) => {
      const shifts = await watchShifts(page);
      await page.goto("/");
      await expect(page.locator(".example-score svg").first()).toBeVisible();
      await expect(page.getByText("Nothing here yet")).toBeVisible();
      expectStill(await shifts());
      await page.getByRole("button", { name: "Try the example" }).click();
      await page.waitForURL(/\/jobs\/\?id=/);
      // Both as one who comes by the address.
      await page.reload();
      await expect(page.getByRole("heading", { name: "What is played" })).toBeVisible({ timeout: 150_000 });
      await expect(page.locator(".score-page svg").first()).toBeVisible();
      expectStill(await shifts());
      await page.reload();
      await expect(page.locator(".score-page svg").first()).toBeVisible();
      await expect(page.getByRole("button", { name: "Play", exact: true })).toBeEnabled();
      expectStill(await shifts());
    });
  });
}

test("first_view_plays_the_finished_example", async ({ page }) => {
  await page.goto("/");
  const play = page.getByRole("button", { name: "Play the example" });
  await expect(play).toBeEnabled();
  await expectAccessible(page);
  const score = page.locator(".example-score div.score");
  await play.click();
  await expect(page.getByRole("button", { name: "Pause the example" })).toBeVisible();
  // It goes on while it is looked at.
  await expect.poll(() => score.getAttribute("data-measure").then(Number)).toBeGreaterThanOrEqual(2);
  await expect(score.locator("[data-lit]").first()).toBeAttached();
  // A click on a bar plays from there: what lies between is left out.
  const bars: string[] = [];
  await page.exposeFunction("barShown", (bar: string) => bars.push(bar));
  await score.evaluate((element: HTMLElement) => {
    const { barShown } = globalThis as unknown as { barShown: (bar: string) => void };
    new MutationObserver(() => barShown(element.dataset.measure ?? "")).observe(element, { attributeFilter: ["data-measure"] });
  });
  const bar = await boxInSight(score.locator("#bar-9"));
  await page.mouse.click(bar.x + bar.width / 2, bar.y + 4);
  await expect.poll(() => bars).toContain("9");
  expect(bars).not.toContain("8");
  await page.getByRole("button", { name: "Pause the example" }).click();
  await expect(play).toBeVisible();
});
