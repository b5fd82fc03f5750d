import { readFile, writeFile } from "node:fs/promises";
import { EXAMPLE_SONG } from "./service";
import { dropFile, expect, expectAccessible, jobIdOf, resultOf, test } from "./test";

test("damaged_recording_is_taken_as_it_is_in_one_press", async ({ page, service, guard }, info) => {
  guard.allow(/DEMUXER|PIPELINE|NotSupported/);
  const whole = await readFile(EXAMPLE_SONG);
  const broken = info.outputPath("broken.flac");
  await writeFile(broken, whole.subarray(0, Math.round(whole.length / 2)));
  await page.goto("/");
  await dropFile(page, broken);
  await page.getByRole("button", { name: "Write the drum part" }).click();
  await expect(page.getByRole("heading", { name: "The file is damaged or cut off" })).toBeVisible({
    timeout: 120_000,
  });
  await expectAccessible(page);
  await page.screenshot({ path: info.outputPath("refused.png") });
  const refused = jobIdOf(page);
  await page.getByRole("button", { name: "Take what is there" }).click();
  await expect(page.getByText("Sound is missing in the recording")).toBeVisible({ timeout: 150_000 });
  await expectAccessible(page);
  await page.screenshot({ path: info.outputPath("taken.png") });
  expect((await resultOf(service, jobIdOf(page))).settings.accept_damaged).toBe(true);
  // The one that failed is of no use to anybody.
  expect((await fetch(`${service.url}/api/v1/jobs/${refused}`)).status).toBe(404);
});
