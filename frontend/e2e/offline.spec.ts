import { expect, test, transcribeExample } from "./test";

test.use({ serviceWorkers: "allow" });

test("opened_song_is_read_and_played_without_a_network_and_goes_when_it_is_deleted", async ({ page, context, guard }) => {
  guard.allow(/ERR_INTERNET_DISCONNECTED/);
  // The example of the first view is not among what is kept.
  guard.allow(/ERR_FAILED .*\/example\//);
  const jobId = await transcribeExample(page);
  await expect(page.locator(".score-page svg").first()).toBeVisible();
  await expect(page.getByRole("button", { name: "Play", exact: true })).toBeEnabled();
  const kept = () =>
    page.evaluate(async (id) => {
      const cache = await caches.open("drumscribe-songs-1");
      return (await cache.keys()).filter(({ url }) => url.includes(id)).map(({ url }) => url.split("/").at(-1)).sort();
    }, jobId);
  await expect.poll(kept).toEqual([jobId, "recording", "result", "svg", "timemap"].sort());

  await context.setOffline(true);
  await page.reload();
  await expect(page.locator(".score-page svg").first()).toBeVisible();
  await expect(page.getByRole("button", { name: "Play", exact: true })).toBeEnabled();
  await page.getByRole("button", { name: "Play", exact: true }).click();
  await expect.poll(() => page.locator("div.score").getAttribute("data-measure").then(Number)).toBeGreaterThanOrEqual(2);
  await page.getByRole("button", { name: "On the stand" }).click();
  await expect(page.getByTestId("stand-window").locator(".system").first()).toBeVisible();
  await page.keyboard.press("Escape");
  // The way to it is there as well.
  await page.goto("/");
  await page.locator(`#songs a[href*="${jobId}"]`).click();
  await expect(page.locator(".score-page svg").first()).toBeVisible();

  await context.setOffline(false);
  await page.getByRole("button", { name: "Delete this song" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete it" }).click();
  await expect(page.getByRole("heading", { name: "My songs" })).toBeVisible();
  await expect.poll(kept).toEqual([]);
});

test("page_can_be_installed", async ({ page }) => {
  await page.goto("/");
  const browser = await page.context().newCDPSession(page);
  const { url, errors, data } = await browser.send("Page.getAppManifest");
  expect(errors).toEqual([]);
  expect(new URL(url).pathname).toBe("/manifest.webmanifest");
  expect(JSON.parse(data!)).toMatchObject({ name: "DrumScribe", display: "standalone", start_url: "/" });
  const { installabilityErrors } = await browser.send("Page.getInstallabilityErrors");
  // A window without history, as tests have it, cannot install anything.
  expect(installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== "in-incognito")).toEqual([]);
});
