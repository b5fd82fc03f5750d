import { expect, openExample, test, transcribeExample } from "./test";

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

  // And what a link within the page asks for, though nothing may have asked for it yet.
  const views = ["/", "/jobs/", "/index.txt", "/jobs/index.txt"];
  const areViewsKept = () =>
    page.evaluate(async (paths) => (await Promise.all(paths.map((path) => caches.match(path)))).every(Boolean), views);
  await expect.poll(areViewsKept).toBe(true);

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

test("file_that_was_asked_for_before_the_worker_was_there_is_kept_when_it_comes", async ({ page }) => {
  const first = await (await page.request.get("/")).text();
  let letThrough = () => {};
  const held = new Promise<void>((resolve) => (letThrough = resolve));
  const late: string[] = [];
  await page.route("**/_next/static/**/*.js", async (route) => {
    const { pathname } = new URL(route.request().url());
    if (!first.includes(pathname)) {
      late.push(pathname);
      await held;
    }
    await route.continue();
  });
  await page.goto("/");
  const areKept = (paths: readonly string[]) =>
    page.evaluate(async (all) => (await Promise.all(all.map((path) => caches.match(path)))).every(Boolean), paths);
  // The worker is there, and was told what to keep.
  await expect.poll(() => areKept(["/jobs/index.txt"])).toBe(true);
  expect(late.length).toBeGreaterThan(0);
  const asked = [...late];
  letThrough();
  await expect.poll(() => areKept(asked)).toBe(true);
});

test("answer_that_comes_after_its_song_was_deleted_is_not_kept_nor_a_song_that_is_gone_elsewhere", async ({ page, context, guard }) => {
  guard.allow(/status of 4(04|10)/);
  const jobId = await openExample(page);
  const copy = async () => ((await (await page.request.post(`/api/v1/jobs/${jobId}/copy`)).json()) as { job_id: string }).job_id;
  const other = await copy();
  const expired = await copy();
  const kept = (song: string) =>
    page.evaluate(async (id) => (await (await caches.open("drumscribe-songs-1")).keys()).filter(({ url }) => url.includes(id)).length, song);
  // By the worker, which a first visit has to wait for.
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await page.reload();
  await expect.poll(() => kept(jobId)).toBeGreaterThan(3);
  let letThrough = () => {};
  const held = new Promise<void>((resolve) => (letThrough = resolve));
  let answered = () => {};
  const isAnswered = new Promise<void>((resolve) => (answered = resolve));
  await context.route((url) => url.search === "?late", async (route) => {
    const answer = await route.fetch();
    answered();
    await held;
    await route.fulfill({ response: answer });
  });
  await page.evaluate((id) => {
    const late = fetch(`/api/v1/jobs/${id}/download/timemap?late`).then((answer) => answer.text());
    Object.assign(globalThis, { late });
  }, jobId);
  await isAnswered;
  await page.evaluate((id) => fetch(`/api/v1/jobs/${id}`, { method: "DELETE" }), jobId);
  await expect.poll(() => kept(jobId)).toBe(0);
  letThrough();
  await page.evaluate(() => (globalThis as unknown as { late: Promise<string> }).late);
  // What is kept after it is there: so was this.
  await page.evaluate((id) => fetch(`/api/v1/jobs/${id}`), other);
  await expect.poll(() => kept(other)).toBe(1);
  await expect.poll(() => kept(jobId)).toBe(0);

  // Nor is what the service says is gone: not for a single file, but for a song that was deleted elsewhere or has expired.
  const asked = (path: string) => page.evaluate(async (way) => (await fetch(`/api/v1/jobs/${way}`)).status, path);
  expect([await asked(expired), await asked(`${expired}/download/drums`)]).toEqual([200, 404]);
  await expect.poll(() => kept(expired)).toBe(1);
  await context.route(`**/jobs/${expired}/result`, (route) =>
    route.fulfill({ status: 410, contentType: "application/problem+json", body: JSON.stringify({ code: "result_expired" }) }),
  );
  await page.request.delete(`/api/v1/jobs/${other}`);
  expect([await asked(`${expired}/result`), await asked(other)]).toEqual([410, 404]);
  await expect.poll(async () => [await kept(expired), await kept(other)]).toEqual([0, 0]);
});
