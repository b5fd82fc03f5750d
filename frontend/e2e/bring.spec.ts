import { writeFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { expect, expectAccessible, resultOf, test, openExample } from "./test";

/** Drops a file anywhere on the page, as from the desktop. */
async function dropOnPage(page: Page, name: string, content: Buffer): Promise<void> {
  const files = await page.evaluateHandle(
    ([fileName, bytes]) => {
      const transfer = new DataTransfer();
      const data = Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0));
      transfer.items.add(new File([data], fileName));
      return transfer;
    },
    [name, content.toString("base64")] as const,
  );
  await page.dispatchEvent("body", "dragover", { dataTransfer: files });
  await page.dispatchEvent("body", "drop", { dataTransfer: files });
}

async function downloadedMusicXml(url: string, jobId: string): Promise<string> {
  const answer = await fetch(`${url}/api/v1/jobs/${jobId}/download/musicxml`);
  expect(answer.status).toBe(200);
  return answer.text();
}

test("corrected_musicxml_becomes_the_score_and_undo_takes_it_back", async ({ page, service }, info) => {
  const jobId = await openExample(page);
  await expect(page.locator(".score-page svg").first()).toBeVisible();
  const before = await resultOf(service, jobId);
  const document = await downloadedMusicXml(service.url, jobId);
  // The first snare with a head of its own becomes a cross-stick.
  const corrected = document.replace(
    /(<note dynamics="[\d.]+" id="hit-(\d+)">(?:(?!<\/note>)[\s\S])*?id="P1-snare" \/>(?:(?!<\/note>)[\s\S])*?<notehead[^>]*>)normal/,
    "$1x",
  );
  expect(corrected).not.toBe(document);

  await dropOnPage(page, "corrected.musicxml", Buffer.from(corrected));
  await expect(page.getByText("The notes are now those of corrected.musicxml")).toBeVisible();
  await expect(page.getByText(/notes kept, 1 changed, 0 added, 0 removed\. Bar by bar\./)).toBeVisible();
  await expectAccessible(page);
  await page.screenshot({ path: info.outputPath("brought.png") });
  const after = await resultOf(service, jobId);
  const changed = after.hits.filter((one) => one.articulation === "cross-stick");
  expect(changed).toHaveLength(1);
  expect(after.beats).toEqual(before.beats);
  await expect(page.locator(`#hit-${changed[0]!.id}`).first()).toBeAttached();

  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByText("The score is as it was before.")).toBeVisible();
  const back = await resultOf(service, jobId);
  expect(back.hits).toEqual(before.hits);
  expect(back.beat_numbers).toEqual(before.beat_numbers);
});

test("file_that_is_no_score_is_refused_in_words_and_changes_nothing", async ({ page, service, guard }, info) => {
  guard.allow(/status of 4(15|22)/);
  const jobId = await openExample(page);
  await expect(page.locator(".score-page svg").first()).toBeVisible();
  await dropOnPage(page, "another-song.mp3", Buffer.from("ID3"));
  await expect(page.getByText("The file was not taken")).toBeVisible();
  await page.getByRole("button", { name: "Close" }).click();
  const bad = info.outputPath("bad.musicxml");
  await writeFile(bad, '<!DOCTYPE x [<!ENTITY a "b">]><score-partwise>&a;</score-partwise>');
  await page.getByLabel("Corrected score").setInputFiles(bad);
  await expect(page.getByText(/declares entities/)).toBeVisible();
  await expectAccessible(page);
  await page.screenshot({ path: info.outputPath("refused.png") });
  expect((await resultOf(service, jobId)).version).toBe(1);
});
