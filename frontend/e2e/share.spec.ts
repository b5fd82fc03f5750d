import { expect, resultOf, saved, test, openExample, jobIdOf } from "./test";

test("stranger_with_the_link_plays_and_copies_and_the_original_stays", async ({ page, browser, service }) => {
  const jobId = await openExample(page);
  const before = await resultOf(service, jobId);
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.getByRole("button", { name: "Share" }).click();
  await expect(page.getByText("The link is copied")).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(new URL(link).searchParams.get("id")).toBe(jobId);

  const context = await browser.newContext();
  const stranger = await context.newPage();
  const failed: string[] = [];
  stranger.on("response", (answer) => {
    if (answer.status() >= 400) failed.push(`${answer.status()} ${answer.url()}`);
  });
  await stranger.goto(link);
  await expect(stranger.locator(".score-page svg").first()).toBeVisible();
  for (const control of ["Correct notes", "Tempo and bars", "Delete this song"]) {
    await expect(stranger.getByRole("button", { name: control })).toHaveCount(0);
  }
  await expect(stranger.getByRole("button", { name: "Play", exact: true })).toBeVisible();

  await stranger.getByRole("button", { name: "Make my own copy" }).click();
  await stranger.waitForURL((url) => (url.searchParams.get("id") ?? jobId) !== jobId);
  await expect(stranger.getByRole("button", { name: "Delete this song" })).toBeVisible();
  const copyId = jobIdOf(stranger);
  await stranger.getByRole("button", { name: "Correct notes" }).click();
  await stranger.getByTestId("drum-grid").focus();
  for (let i = 0; i < 9; i += 1) await stranger.keyboard.press("ArrowUp");
  await stranger.keyboard.press("Enter");
  await saved(stranger);
  expect((await resultOf(service, copyId)).hits).toHaveLength(before.hits.length + 1);
  expect(await resultOf(service, jobId)).toEqual(before);
  expect(failed).toEqual([]);
  await context.close();
});
