import { expect, resultOf, test, transcribeExample } from "./test";

test("another_way_to_count_is_one_press_and_one_press_back", async ({ page, service }) => {
  const jobId = await transcribeExample(page);
  const before = await resultOf(service, jobId);
  expect(before.alternatives.length).toBeGreaterThan(0);
  const offers = page.getByRole("group", { name: "Other ways to count" });
  // The finder itself knows how the example could be counted, too.
  await offers.getByRole("button", { name: "in 2/4" }).click();
  await expect.poll(async () => (await resultOf(service, jobId)).time_signature, { timeout: 60_000 }).toBe("2/4");
  await expect(page.getByText("2/4", { exact: true }).first()).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect.poll(async () => (await resultOf(service, jobId)).time_signature, { timeout: 60_000 }).toBe("4/4");
  const after = await resultOf(service, jobId);
  expect(after.beats).toEqual(before.beats);
  expect(after.hits).toEqual(before.hits);
});
