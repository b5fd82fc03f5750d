import { readFile } from "node:fs/promises";
import type { Download, Locator, Page } from "@playwright/test";
import {
  expect,
  expectAccessible,
  jobIdOf,
  openExample,
  resultOf,
  test,
  timeMapOf,
  transcribeExample,
} from "./test";

test("song_handed_in_becomes_a_page_whose_note_heads_are_the_hits", async ({ page, service }) => {
  const jobId = await transcribeExample(page);
  const result = await resultOf(service, jobId);
  expect(result.hits.length).toBeGreaterThan(100);

  await expect(page.getByLabel("quarter notes per minute")).toContainText(
    String(result.detected_bpm),
  );
  const chart = page.getByRole("table", { name: "Notes of each drum" });
  await expect(chart.getByRole("row", { name: /^Snare/ })).toContainText(
    String(result.hit_summary.snare),
  );
  await expectAccessible(page);

  // Every hit has its head on the page or shares another's, and every numbered head is a hit.
  const { notes, merged } = await timeMapOf(service, jobId);
  expect(notes.length + merged.length).toBe(result.hits.length);
  const heads = page.locator("[id^='hit-']");
  await expect(heads).toHaveCount(notes.length);
  const ids = await heads.evaluateAll((all) => all.map(({ id }) => id));
  expect(new Set(ids)).toEqual(new Set(notes.map(({ id }) => id)));
});

/** Chromium takes ten downloads at once and drops further ones for a second; so press again. */
async function downloadOf(page: Page, link: Locator): Promise<Download> {
  let download: Download | undefined;
  await expect(async () => {
    [download] = await Promise.all([
      page.waitForEvent("download", { timeout: 10_000 }),
      link.click(),
    ]);
  }).toPass();
  return download!;
}

test("downloads_are_what_they_say", async ({ page, service }) => {
  const jobId = await openExample(page);
  const { downloads, title } = await resultOf(service, jobId);
  const starts: Record<string, string> = {
    pdf: "%PDF-",
    musicxml: "<?xml",
    midi: "MThd",
    "midi-performance": "MThd",
    svg: "<",
    json: "{",
    recording: "fLaC",
  };
  const section = page.getByRole("region", { name: "Downloads" });
  // Those that most people came for stand first; the rest unfolds.
  const names = await section.getByRole("link").allTextContents();
  expect(names.map((name) => name.split(/to print|MuseScore|as written|in time/)[0])).toEqual([
    "PDF", "MusicXML", "MIDI, straight", "The recording as heard",
  ]);
  await section.getByText("More formats").click();
  for (const { format, filename, size_bytes } of downloads) {
    const link = section.locator(`a[href*="/download/${format}?"]`);
    const download = await downloadOf(page, link);
    expect(download.suggestedFilename()).toBe(filename);
    const content = await readFile((await download.path())!);
    // Null until somebody asks for the file, which is when it is made.
    if (size_bytes !== null) expect(content.length).toBe(size_bytes);
    expect(content.length).toBeGreaterThan(0);
    const start = starts[format];
    if (start) expect(content.subarray(0, start.length).toString("latin1")).toBe(start);
  }
  const xml = await (
    await fetch(`${service.url}/api/v1/jobs/${jobId}/download/musicxml`)
  ).text();
  const isXml = await page.evaluate(
    (text) =>
      new DOMParser().parseFromString(text, "application/xml").querySelector("parsererror") === null,
    xml,
  );
  expect(isXml).toBe(true);
  expect(xml).toContain(title);
});

test("deleted_song_is_gone_everywhere", async ({ page, service, guard }) => {
  const jobId = await openExample(page);
  await page.getByRole("button", { name: "Delete this song" }).click();
  const dialog = page.getByRole("dialog");
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Keep it" }).click();
  await expect(page.getByRole("heading", { name: "What is played" })).toBeVisible();
  await page.getByRole("button", { name: "Delete this song" }).click();
  await dialog.getByRole("button", { name: "Delete it" }).click();
  await expect(page.getByRole("heading", { name: "My songs" })).toBeVisible();
  await expect(page.locator(`a[href*="${jobId}"]`)).toHaveCount(0);
  expect((await fetch(`${service.url}/api/v1/jobs/${jobId}`)).status).toBe(404);
  guard.allow(/status of 404/);
  await page.goto(`/jobs/?id=${jobId}`);
  await expect(page.getByRole("heading", { name: "There is no such song" })).toBeVisible();
  await expectAccessible(page);
});

test("example_needs_one_press_and_progress_survives_a_reload", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("button", { name: "Try the example" }).click();
  await page.waitForURL(/\/jobs\/\?id=/);
  await page.reload();
  await expect(page.getByRole("heading", { name: "Funk Rock", exact: true })).toBeVisible();
  await expect(page.getByRole("heading", { name: "What is played" })).toBeVisible({
    timeout: 150_000,
  });
});

test("two_songs_at_once_both_become_pages_and_stand_in_the_list", async ({ page, context, service }) => {
  await page.goto("/");
  const other = await context.newPage();
  await other.goto("/");
  for (const one of [page, other]) {
    await one.getByRole("button", { name: "Try the example" }).click();
    await one.waitForURL(/\/jobs\/\?id=/);
  }
  const ids = [page, other].map(jobIdOf);
  expect(new Set(ids).size).toBe(2);
  for (const one of [page, other]) {
    await expect(one.getByRole("heading", { name: "What is played" })).toBeVisible({
      timeout: 150_000,
    });
  }
  const [first, second] = await Promise.all(ids.map((id) => resultOf(service, id)));
  expect(first!.hits).toEqual(second!.hits);
  await page.goto("/");
  for (const id of ids) await expect(page.locator(`#songs a[href*="${id}"]`)).toBeVisible();
  await expectAccessible(page);
});

test("page_that_the_browser_has_kept_runs_again", async ({ page }) => {
  await page.goto("/");
  await expect(page.getByText("Nothing here yet")).toBeVisible();
  // Asked again with its ETag; a wrong policy on that answer would stop every script.
  for (let i = 0; i < 2; i += 1) {
    await page.goto("/");
    await expect(page.getByText("Nothing here yet")).toBeVisible();
  }
});

test("windows_that_a_newcomer_opens_at_once_belong_to_one_visitor", async ({ page, context }) => {
  const other = await context.newPage();
  const windows = [page, other];
  // Both windows are at work: each asks for the limits beside its session.
  const atWork = Promise.all(windows.map((one) => one.waitForResponse(/\/api\/v1\/limits/)));
  const answers: Promise<string | null>[] = [];
  let unanswered = 0;
  let mostAtOnce = 0;
  await context.route("**/api/v1/session", async (route) => {
    unanswered += 1;
    mostAtOnce = Math.max(mostAtOnce, unanswered);
    await atWork;
    // Long enough for the other one to ask as well, unless it waits for its turn.
    await new Promise((resolve) => setTimeout(resolve, 1000));
    unanswered -= 1;
    await route.continue();
  });
  context.on("response", (answer) => {
    if (answer.url().endsWith("/api/v1/session")) answers.push(answer.headerValue("set-cookie"));
  });
  const listed = windows.map((one) => one.waitForResponse(/\/api\/v1\/jobs\?/));
  await Promise.all(windows.map((one) => one.goto("/")));
  await Promise.all(listed);
  // Each has asked before its songs; only the first got a cookie.
  const cookies = await Promise.all(answers);
  expect([mostAtOnce, cookies.length, cookies.filter(Boolean).length]).toEqual([1, 2, 1]);
});
