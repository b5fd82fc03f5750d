import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { BlobReader, BlobWriter, TextReader, ZipWriter } from "@zip.js/zip.js";
import type { Page } from "@playwright/test";
import { EXAMPLE_SONG, ROOT } from "./service";
import { expect, expectAccessible, test } from "./test";

const CLIPS = path.join(ROOT, "backend", "tests", "regression", "clips");
const clips = async () =>
  (await readdir(CLIPS)).filter((name) => name.endsWith(".ogg")).sort().map((name) => path.join(CLIPS, name));
const queue = (page: Page) => page.getByRole("region", { name: "The queue" });
const lines = (page: Page) => queue(page).getByRole("listitem");

/** The most songs that the service had to do at once, as its own list says, until all have ended. */
async function mostAtOnce(page: Page, songs: number): Promise<number> {
  let most = 0;
  await expect
    .poll(
      async () => {
        const { jobs } = (await (await page.request.get("/api/v1/jobs?limit=100")).json()) as {
          jobs: { status: string }[];
        };
        const active = jobs.filter(({ status }) => !["completed", "failed", "cancelled"].includes(status));
        most = Math.max(most, active.length);
        return jobs.length === songs && active.length === 0;
      },
      { timeout: 150_000, intervals: [500] },
    )
    .toBe(true);
  return most;
}

test("five_songs_at_once_all_become_pages_and_what_is_no_song_is_named", async ({ page }, info) => {
  const notes = info.outputPath("notes.txt");
  await writeFile(notes, "kick snare kick");
  await page.goto("/");
  await page.getByLabel("Recording", { exact: true }).setInputFiles([EXAMPLE_SONG, ...(await clips()), notes]);
  await expect(page.getByRole("heading", { name: "5 songs" })).toBeVisible();
  await expect(page.getByText("Left out: 1 file")).toBeVisible();
  await expect(page.getByText(/notes\.txt: This does not look like a recording/)).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Write 5 drum parts" }).click();
  await expect(lines(page)).toHaveCount(5);
  // Those that wait are seen, and a reload loses none.
  await expect(queue(page).getByText("Waits for its turn").first()).toBeVisible();
  await expect(queue(page).getByText(/This browser keeps the others/)).toBeVisible();
  await expectAccessible(page);
  await page.reload();
  await expect(lines(page)).toHaveCount(5);
  expect(await mostAtOnce(page, 5)).toBeLessThanOrEqual(3);
  await expect(queue(page).getByRole("status")).toHaveText("5 songs, 5 done");
  for (const name of ["funk-rock", "fast-ride", "samba-toms"]) {
    await expect(page.getByRole("region", { name: "My songs" }).getByRole("link", { name: new RegExp(name.replace("-", "."), "i") })).toBeVisible();
  }
  await queue(page).getByRole("link", { name: "fast-ride.ogg" }).click();
  await expect(page.getByRole("heading", { name: "What is played" })).toBeVisible();
});

test("album_in_a_zip_is_read_in_the_browser_song_by_song", async ({ page }, info) => {
  const writer = new ZipWriter(new BlobWriter("application/zip"), { useWebWorkers: false });
  const [first, second] = await clips();
  await writer.add("Album/01 Ride.ogg", new BlobReader(new Blob([await readFile(first!)])));
  await writer.add("Album/02 Hats.ogg", new BlobReader(new Blob([await readFile(second!)])));
  await writer.add("Album/cover.jpg", new TextReader("\u00ff not really"));
  await writer.add("__MACOSX/Album/._01 Ride.ogg", new TextReader("x"));
  const album = info.outputPath("album.zip");
  await writeFile(album, Buffer.from(await (await writer.close()).arrayBuffer()));
  await page.goto("/");
  await page.getByLabel("Recording", { exact: true }).setInputFiles(album);
  await expect(page.getByRole("heading", { name: "2 songs" })).toBeVisible();
  await expect(page.getByText("album.zip/Album/cover.jpg")).toBeVisible();
  await expect(page.getByText("1 hidden system file")).toBeVisible();
  await page.getByRole("button", { name: "Write 2 drum parts" }).click();
  await expect(queue(page).getByRole("status")).toHaveText("2 songs, 2 done", { timeout: 150_000 });
  const titles = page.getByRole("region", { name: "My songs" }).getByRole("link");
  await expect(titles.filter({ hasText: "Ride" })).toHaveCount(1);
  await queue(page).getByRole("button", { name: "Clear what has ended" }).click();
  await expect(queue(page)).toHaveCount(0);
});

test("folder_that_is_dropped_is_gone_through", async ({ page }) => {
  await page.goto("/");
  const files = await Promise.all((await clips()).slice(0, 2).map(async (one) => [path.basename(one), (await readFile(one)).toString("base64")] as const));
  // A drop as the browser hands it out, with a folder in it.
  await page.evaluate((songs) => {
    const entries = songs.map(([name, content]) => {
      const bytes = Uint8Array.from(atob(content), (char) => char.charCodeAt(0));
      const file = new File([bytes], name);
      return { isDirectory: false, fullPath: `/Album/${name}`, file: (done: (one: File) => void) => done(file) };
    });
    const folder = {
      isDirectory: true,
      createReader: () => {
        let given = 0;
        return { readEntries: (done: (some: unknown[]) => void) => done(entries.slice(given, (given += 1))) };
      },
    };
    const event = new Event("drop", { bubbles: true, cancelable: true });
    Object.assign(event, { dataTransfer: { items: [{ kind: "file", webkitGetAsEntry: () => folder }], files: [], types: ["Files"] } });
    document.querySelector("button .font-display")!.dispatchEvent(event);
  }, files);
  await expect(page.getByRole("heading", { name: "2 songs" })).toBeVisible();
  await page.getByRole("button", { name: "Take other songs" }).click();
  await expect(page.getByText("Drop songs here")).toBeVisible();
});
