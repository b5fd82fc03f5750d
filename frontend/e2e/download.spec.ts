import { fetchingTest } from "./fetching";
import { expect, openExample, resultOf } from "./test";

const test = fetchingTest();

// While the model does not come, so that it cannot end before it is stopped: the next test lets it through.
test("stopping_leaves_the_song_as_it_was", async ({ page, service }) => {
  const jobId = await openExample(page);
  const first = await resultOf(service, jobId);
  await page.getByRole("button", { name: "Listen again with the drums alone" }).click();
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await expect(page.getByRole("button", { name: "Listen again with the drums alone" })).toBeVisible();
  expect((await resultOf(service, jobId)).version).toBe(first.version);
});

test("download_of_the_separator_is_seen_as_a_percentage_and_so_is_what_comes_after_it", async ({ page, origin }, info) => {
  await openExample(page);
  await expect(page.locator(".score-page svg").first()).toBeVisible();
  await page.getByRole("button", { name: "Listen again with the drums alone" }).click();
  const progress = page.getByRole("progressbar", { name: "Listening again" });
  // Half of the model is here: the step begins at 10, and a tenth of its fifty is for the download.
  await expect(progress).toHaveAttribute("aria-valuenow", "12");
  await expect(page.getByText("12 %")).toBeVisible();
  await page.screenshot({ path: info.outputPath("download.png") });
  origin.goOn();
  await expect(page.getByText(/Listened again with the drums alone/)).toBeVisible({ timeout: 150_000 });
  await expect(progress).toHaveCount(0);
});
