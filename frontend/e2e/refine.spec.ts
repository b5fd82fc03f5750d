import type { Page } from "@playwright/test";
import type { JobStatus } from "../src/api/client";
import { fetchingTest } from "./fetching";
import { expect, expectAccessible, resultOf, same, openExample } from "./test";

const test = fetchingTest();

const DONE = /Listened again with the drums alone/;

async function stateOf(page: Page, jobId: string): Promise<JobStatus> {
  return page.evaluate(async (id) => (await fetch(`/api/v1/jobs/${id}`)).json() as Promise<JobStatus>, jobId);
}

// While the model does not come, so that it is killed before it has ended; let through, it is there for the next test.
test("note_put_in_while_it_goes_on_survives_and_a_killed_service_begins_it_anew", async ({ page, origin, service, guard }) => {
  // Asked while it was killed, or before it was whole again.
  guard.allow(/net::ERR_|status of 503/);
  const jobId = await openExample(page);
  await expect(page.locator(".score-page svg").first()).toBeVisible();
  const first = await resultOf(service, jobId);
  await page.getByRole("button", { name: "Listen again with the drums alone" }).click();
  await expect(page.getByRole("progressbar", { name: "Listening again" })).toBeVisible();
  const mine = { time: 3.217, instrument: "crash", velocity: 0.8, confidence: 1, articulation: null } as const;
  const edited = await page.evaluate(
    async ([id, hits]) => {
      const answer = await fetch(`/api/v1/jobs/${id}/score`, {
        method: "PUT",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ hits }),
      });
      return answer.status;
    },
    [jobId, [...first.hits.slice(1), mine]] as const,
  );
  expect(edited).toBe(200);
  const halted = service.halt();
  // It was told already; without anything coming it would hear of it late.
  origin.goOn();
  await halted;
  await service.resume();
  await page.reload();
  await expect(page.getByText(DONE)).toBeVisible({ timeout: 150_000 });
  const after = await resultOf(service, jobId);
  expect(after.hits.some((hit) => same(hit, { ...mine, id: 0 }))).toBe(true);
  const gone = first.hits[0]!;
  const isBack = after.hits.some(
    (hit) => hit.instrument === gone.instrument && Math.abs(hit.time - gone.time) < 0.05,
  );
  expect(isBack).toBe(false);
});

test("song_is_heard_again_while_one_plays_and_edits_and_one_undo_takes_it_back", async ({ page, origin, service }, info) => {
  origin.goOn();
  const jobId = await openExample(page);
  await expect(page.locator(".score-page svg").first()).toBeVisible();
  await expect(page.getByRole("button", { name: "Play" })).toBeEnabled();
  const first = await resultOf(service, jobId);

  await page.getByRole("button", { name: "Mixer" }).click();
  await expect(page.getByRole("button", { name: "Drums only" })).toHaveCount(0);
  // Two bars again and again, so that the song does not end under a slow machine.
  await page.getByRole("button", { name: "Loop", exact: true }).click();
  await page.getByRole("button", { name: "Play", exact: true }).click();
  const told = page.waitForRequest((request) => request.url().endsWith(`/jobs/${jobId}/events`));
  await page.getByRole("button", { name: "Listen again with the drums alone" }).click();
  await told;
  const progress = page.getByRole("progressbar", { name: "Listening again" });
  await expect(progress).toBeVisible();
  await page.screenshot({ path: info.outputPath("listening.png") });

  await expect(page.getByText(DONE)).toBeVisible({ timeout: 150_000 });
  await expect(progress).toHaveCount(0);
  // The stems are there without a reload, and it plays on.
  await expect(page.getByLabel("Volume of Drums")).toBeVisible();
  await expect(page.getByRole("button", { name: "Pause", exact: true })).toBeVisible();
  await expectAccessible(page);
  await page.getByText(DONE).scrollIntoViewIfNeeded();
  await page.screenshot({ path: info.outputPath("listened.png") });
  const after = await resultOf(service, jobId);
  expect(after.separated).toBe(true);
  const state = await stateOf(page, jobId);
  expect(after.hits.length).toBe(first.hits.length + state.refinement!.added! - state.refinement!.removed!);

  // It is still said after a reload; Undo gives the page back, the stems stay.
  await page.reload();
  await expect(page.getByText(DONE)).toBeVisible();
  await page.getByRole("status").filter({ hasText: DONE }).getByRole("button", { name: "Undo" }).click();
  await expect(page.getByText("The score is as it was before.")).toBeVisible();
  const back = await resultOf(service, jobId);
  expect(back.hits).toEqual(first.hits);
  expect(back.beats).toEqual(first.beats);
  expect(back.downloads.some(({ format }) => format === "drums")).toBe(true);
});
