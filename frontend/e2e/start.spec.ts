import { withSongHeld } from "./heldSong";
import { EXAMPLE_SONG } from "./service";
import { dropFile, expect, jobIdOf, resultOf, test } from "./test";

test("upload_shows_how_far_it_is_and_can_be_stopped", async ({ page }) => {
  await page.goto("/");
  await expect(page.getByText("Nothing here yet")).toBeVisible();
  await dropFile(page, EXAMPLE_SONG);
  // A line so slow that the whole song would take half a minute.
  const browser = await page.context().newCDPSession(page);
  const line = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 50_000 };
  await browser.send("Network.emulateNetworkConditions", line);
  await page.getByRole("button", { name: "Write the drum part" }).click();
  const percent = () => page.getByRole("progressbar", { name: "Upload" }).getAttribute("value");
  await expect.poll(async () => Number(await percent())).toBeGreaterThan(0);
  expect(Number(await percent())).toBeLessThan(100);
  await page.getByRole("button", { name: "Stop the upload" }).click();
  await expect(page.getByRole("button", { name: "Write the drum part" })).toBeVisible();
  await browser.send("Network.emulateNetworkConditions", { ...line, uploadThroughput: -1 });
  await page.reload();
  await expect(page.getByText("Nothing here yet")).toBeVisible();
});

test("what_is_known_is_sent_along_and_stands_on_the_page", async ({ page, service }) => {
  await page.goto("/");
  await dropFile(page, EXAMPLE_SONG);
  await page.getByText("Title, tempo and more").click();
  await page.getByLabel("Title").fill("Known Well");
  await page.getByLabel("Tempo", { exact: true }).fill("50");
  await page.getByLabel("Metre").fill("2/4");
  await page.getByLabel("Take the drums out of the mix first").selectOption("never");
  await page.getByLabel("Doubtful notes").fill("0.3");
  await page.getByRole("button", { name: "Write the drum part" }).click();
  await page.waitForURL(/\/jobs\/\?id=/);
  await expect(page.getByRole("heading", { name: "What is played" })).toBeVisible({
    timeout: 150_000,
  });
  await expect(page.getByRole("heading", { name: "Known Well", exact: true })).toBeVisible();
  const result = await resultOf(service, jobIdOf(page));
  expect(result).toMatchObject({ title: "Known Well", time_signature: "2/4", separated: false });
  expect(Math.abs(result.bpm - 50)).toBeLessThan(3);
  expect(result.settings.sensitivity).toBeCloseTo(0.3);
});

test("progress_is_asked_for_where_events_do_not_come_through", async ({ page, guard }) => {
  guard.allow(/events|ERR_/);
  await page.route("**/events", (route) => route.abort());
  const asked: string[] = [];
  page.on("request", (request) => {
    if (/\/jobs\/[0-9a-f-]{36}$/.test(request.url())) asked.push(request.url());
  });
  await withSongHeld(page, guard, async (letGo) => {
    await expect.poll(() => asked.length).toBeGreaterThan(2);
    letGo();
    await expect(page.getByRole("heading", { name: "What is played" })).toBeVisible({
      timeout: 150_000,
    });
  });
});
