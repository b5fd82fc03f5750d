import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Page } from "@playwright/test";
import { ROOT } from "./service";
import { expect, expectAccessible, test } from "./test";

const CLIPS = path.join(ROOT, "backend", "tests", "regression", "clips");
const mine = (page: Page) => page.getByRole("region", { name: "My songs" });
const titles = (page: Page) => mine(page).locator("li a.block");

/** Three songs, handed in as the queue does it. */
async function threeSongs(page: Page): Promise<void> {
  await page.goto("/");
  const files = ["fast-ride.ogg", "samba-toms.ogg", "soul-ghosts.ogg"].map((name) => path.join(CLIPS, name));
  await page.getByLabel("Recording", { exact: true }).setInputFiles(files);
  await page.getByRole("button", { name: "Write 3 drum parts" }).click();
  await expect(page.getByRole("region", { name: "The queue" }).getByRole("status")).toHaveText("3 songs, 3 done", {
    timeout: 150_000,
  });
  await page.getByRole("button", { name: "Clear what has ended" }).click();
}

test("songs_are_renamed_tagged_found_sorted_and_played_in_the_order_of_a_set_list", async ({ page }) => {
  await threeSongs(page);
  await expect(titles(page)).toHaveCount(3);

  await mine(page).getByRole("button", { name: "Details of fast-ride" }).click();
  await page.getByLabel("Title", { exact: true }).fill("Änne's Ride");
  await page.getByLabel(/^Tags/).fill("gig, fast");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(titles(page).filter({ hasText: "Änne's Ride" })).toBeVisible();

  await page.getByLabel("Search my songs").fill("anne");
  await expect(titles(page)).toHaveText(["Änne's Ride"]);
  await page.getByLabel("Search my songs").fill("nothing of the kind");
  await expect(page.getByText("No song matches.")).toBeVisible();
  await page.getByRole("button", { name: "Show all" }).click();
  await page.getByLabel("Order of my songs").selectOption("By title");
  await expect(titles(page)).toHaveText(["Änne's Ride", "samba-toms", "soul-ghosts"]);
  await page.getByRole("button", { name: "gig", exact: true }).click();
  await expect(titles(page)).toHaveText(["Änne's Ride"]);
  await page.reload();
  await expect(titles(page)).toHaveCount(3);
  // The new title stands on the page, too.
  await titles(page).filter({ hasText: "Änne's Ride" }).click();
  await expect(page.getByRole("heading", { name: "Änne's Ride", exact: true })).toBeVisible();

  await page.goto("/");
  await page.getByLabel("Name of a new set list").fill("Friday");
  await page.getByRole("button", { name: "Make a set list" }).click();
  const card = page.getByRole("article", { name: "Set list Friday" });
  for (const title of ["samba-toms", "soul-ghosts", "Änne's Ride"]) {
    await card.getByLabel("Add a song to Friday").selectOption(title);
    await expect(card.getByRole("link", { name: title })).toBeVisible();
  }
  await card.getByRole("button", { name: "Move Änne's Ride up" }).click();
  await expect(card.getByRole("link")).toHaveText(["samba-toms", "Änne's Ride", "soul-ghosts"]);
  await expectAccessible(page);
  await page.reload();
  await expect(card.getByRole("link")).toHaveText(["samba-toms", "Änne's Ride", "soul-ghosts"]);

  await card.getByRole("button", { name: "Rename Friday" }).click();
  await card.getByLabel("Name of the set list").fill("Friday night");
  await card.getByRole("button", { name: "Save" }).click();
  await expect(card.getByRole("heading", { name: "Friday night" })).toBeVisible();

  const download = page.waitForEvent("download", { timeout: 120_000 });
  await card.getByRole("button", { name: "PDF of all" }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe("Friday night.pdf");
  const pdf = (await readFile((await file.path())!)).toString("latin1");
  expect(pdf.startsWith("%PDF")).toBe(true);
  // Contents and three songs.
  expect(Number(/\/Count (\d+)/.exec(pdf)?.[1])).toBeGreaterThanOrEqual(4);
  await card.getByRole("button", { name: "Take samba-toms out of Friday" }).click();
  await expect(card.getByRole("link")).toHaveCount(2);
  await card.getByRole("button", { name: "Delete Friday" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete it" }).click();
  await expect(card).toHaveCount(0);
  await expect(titles(page)).toHaveCount(3);
});
