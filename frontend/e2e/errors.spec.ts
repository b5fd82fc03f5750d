import { writeFile } from "node:fs/promises";
import type { JobStatus } from "../src/api/client";
import { withSongHeld } from "./heldSong";
import { EXAMPLE_SONG, Service } from "./service";
import { dropFile, expect, expectAccessible, test } from "./test";

test("start_refuses_what_is_no_recording_before_it_is_sent", async ({ page }, info) => {
  const letter = info.outputPath("letter.pdf");
  await writeFile(letter, "%PDF-1.4 dear drummer");
  const sent: string[] = [];
  page.on("request", (request) => {
    if (request.method() === "POST" && request.url().endsWith("/jobs")) sent.push(request.url());
  });
  await page.goto("/");
  await dropFile(page, letter);
  await expect(page.getByText("letter.pdf: This is a PDF, not a recording.")).toBeVisible();
  await expectAccessible(page);

  const huge = info.outputPath("huge.wav");
  await writeFile(huge, Buffer.concat([Buffer.from("RIFF"), Buffer.alloc(6_500_000)]));
  await dropFile(page, huge);
  await expect(page.getByText("up to 6.0 MB are taken")).toBeVisible();
  expect(sent).toEqual([]);
});

test("song_that_only_looks_like_one_fails_with_words_that_help", async ({ page, guard }, info) => {
  const noise = info.outputPath("noise.mp3");
  await writeFile(noise, Buffer.alloc(40_000, "this is not music "));
  guard.allow(/status of 4\d\d|ERR_FILE_NOT_FOUND|DEMUXER|NotSupported/);
  await page.goto("/");
  await dropFile(page, noise);
  await page.getByRole("button", { name: "Write the drum part" }).click();
  await expect(
    page.getByText("This is not a recording").or(page.getByText("The file is damaged or cut off")),
  ).toBeVisible({ timeout: 90_000 });
  await expectAccessible(page);
});

test("unknown_song_and_unknown_page_say_so", async ({ page, guard }) => {
  guard.allow(/status of 404/);
  await page.goto("/jobs/?id=00000000-0000-4000-8000-000000000000");
  await expect(page.getByRole("heading", { name: "There is no such song" })).toBeVisible();
  await page.goto("/jobs/?id=nonsense");
  await expect(page.getByRole("heading", { name: "There is no such song" })).toBeVisible();
  await page.goto("/nowhere/");
  await expect(page.getByRole("heading", { name: "There is no such page" })).toBeVisible();
  await expectAccessible(page);
});

test("cancelled_song_says_so_and_can_be_taken_off_the_list", async ({ page, guard }) => {
  await withSongHeld(page, guard, async (letGo) => {
    await expect(page.getByRole("progressbar")).toBeVisible();
    await expectAccessible(page);
    await page.getByRole("button", { name: "Cancel", exact: true }).click();
    const asked = page.waitForResponse((answer) => answer.url().endsWith("/cancel"));
    await page.getByRole("dialog").getByRole("button", { name: "Cancel the song" }).click();
    await asked;
    // Whoever works on it stops at the next step.
    letGo();
    await expect(page.getByRole("heading", { name: "This song was cancelled" })).toBeVisible();
    await expectAccessible(page);
    await page.getByRole("button", { name: "Remove from my songs" }).click();
    await expect(page.getByRole("heading", { name: "My songs" })).toBeVisible();
  });
});

test("song_whose_page_is_broken_or_has_expired_says_so", async ({ page, service, guard }) => {
  guard.allow(/status of 410/);
  await page.goto("/");
  await page.getByRole("button", { name: "Try the example" }).click();
  await page.waitForURL(/\/jobs\/\?id=/);
  await expect(page.getByRole("heading", { name: "What is played" })).toBeVisible({
    timeout: 150_000,
  });
  // A page that is no drawing, as something between here and the service might send.
  guard.allow(/not a drawing/);
  await page.route("**/download/svg?*", (route) => route.fulfill({ body: "<p>Please log in</p>" }));
  await page.reload();
  await expect(page.getByRole("heading", { name: "Something went wrong on this page" })).toBeVisible();
  await expectAccessible(page);
  await page.unroute("**/download/svg?*");
  await page.getByRole("button", { name: "Load it again" }).click();
  await expect(page.getByRole("img", { name: /^Drum score/ })).toBeVisible();

  // As after the time that files are kept: the service answers 410 for the result.
  await page.route("**/result", (route) =>
    route.fulfill({
      status: 410,
      contentType: "application/problem+json",
      body: JSON.stringify({
        title: "Gone",
        status: 410,
        code: "result_expired",
        detail: "The files have expired.",
      }),
    }),
  );
  await page.reload();
  await expect(page.getByRole("heading", { name: "This song has expired" })).toBeVisible();
  await expectAccessible(page);
  expect(service.url).toBe(new URL(page.url()).origin);
});

test("service_gone_mid_upload_loses_nothing_and_does_nothing_twice", async ({ page, guard }) => {
  guard.allow(/Failed to load resource|ERR_/);
  // A service of its own, which may be stopped, behind the same page.
  const other = await Service.start();
  guard.alsoFrom(other.url);
  try {
    await page.goto(`${other.url}/`);
    await expect(page.getByText("Nothing here yet")).toBeVisible();
    await dropFile(page, EXAMPLE_SONG);
    await page.getByText("Title, tempo and more").click();
    await page.getByLabel("Title").fill("Survivor");
    await other.halt();
    await page.getByRole("button", { name: "Write the drum part" }).click();
    await expect(page.getByText("The upload was interrupted")).toBeVisible();
    await expectAccessible(page);
    await other.resume();
    await page.getByRole("button", { name: "Send it again" }).click();
    await page.waitForURL(/\/jobs\/\?id=/);
    await expect(page.getByRole("heading", { name: "Survivor", exact: true })).toBeVisible();

    // It may also go while the song is being written; the page waits for it.
    await other.halt();
    await other.resume();
    await expect(page.getByRole("heading", { name: "What is played" })).toBeVisible({
      timeout: 150_000,
    });
    const list = await page.evaluate(async () => {
      const answer = await fetch("/api/v1/jobs");
      return (await answer.json()) as { jobs: JobStatus[] };
    });
    expect(list.jobs.map((job) => job.title)).toEqual(["Survivor"]);
  } finally {
    await other.stop();
  }
});
