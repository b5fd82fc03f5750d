import type { Page } from "@playwright/test";
import type { Hit } from "../src/api/client";
import { INSTRUMENTS } from "../src/music/staffOrder";
import { expect, openEditor, restingBox, resultOf, same, saved, test } from "./test";

const RULER = 24;
const LANE = 26;
const BEAT = 54;

/** Where a stroke lies on the grid, in its own pixels, while it is scrolled to its start. */
async function spotOf(page: Page, beats: readonly number[], hit: Hit) {
  const firstBeat = Number(await page.getByTestId("drum-grid").getAttribute("data-left-beat"));
  const right = beats.findIndex((beat) => beat > hit.time);
  const [from, to] = [beats[right - 1]!, beats[right]!];
  const beat = right - 1 + (hit.time - from) / (to - from);
  return { x: (beat - firstBeat) * BEAT, y: RULER + (INSTRUMENTS.indexOf(hit.instrument) + 0.5) * LANE };
}

test("stroke_is_dragged_to_another_drum_and_made_louder_and_another_kind", async ({ page, service }) => {
  const jobId = await openEditor(page);
  const { hits, beats } = await resultOf(service, jobId);
  const snare = hits.find((hit) => hit.instrument === "snare" && hit.time > beats[0]!)!;
  const grid = page.getByTestId("drum-grid");
  await grid.scrollIntoViewIfNeeded();
  const from = await spotOf(page, beats, snare);
  const box = await restingBox(grid);
  await page.mouse.move(box.x + from.x, box.y + from.y);
  await page.mouse.down();
  // A beat to the right, and from the snare to the tom below.
  await page.mouse.move(box.x + from.x + BEAT / 2, box.y + from.y + LANE / 2, { steps: 4 });
  await page.mouse.move(box.x + from.x + BEAT, box.y + from.y + LANE, { steps: 4 });
  await page.mouse.up();
  await expect(page.getByTestId("selection")).toContainText("1 note");
  await page.getByLabel("Kind").selectOption("flam");
  await page.getByLabel("Loudness").focus();
  await page.keyboard.press("End");
  await saved(page);
  const after = await resultOf(service, jobId);
  const added = after.hits.filter((hit) => !hits.some((one) => same(one, hit)));
  expect(added).toHaveLength(1);
  expect(added[0]).toMatchObject({ instrument: "tom_low", articulation: "flam", velocity: 1 });
  // It keeps how early or late it was played.
  const place = beats.findIndex((beat) => beat > snare.time);
  expect(added[0]!.time - snare.time).toBeCloseTo(beats[place]! - beats[place - 1]!, 1);
  expect(after.hits.some((hit) => same(hit, snare))).toBe(false);

  await page.getByTestId("selection").getByRole("combobox").first().selectOption("crash");
  await saved(page);
  expect((await resultOf(service, jobId)).hits.some((hit) => hit.instrument === "crash" && hit.time === added[0]!.time)).toBe(true);
  await page.getByRole("button", { name: "Remove" }).click();
  await saved(page);
  expect((await resultOf(service, jobId)).hits).toHaveLength(hits.length - 1);
});

test("edits_made_while_the_service_is_away_survive_a_reload", async ({ page, service, guard }) => {
  guard.allow(/ERR_/);
  page.on("dialog", (dialog) => void dialog.accept());
  const jobId = await openEditor(page);
  const before = await resultOf(service, jobId);
  await page.route("**/score", (route) => route.abort());
  await page.getByTestId("drum-grid").focus();
  for (let i = 0; i < 9; i += 1) await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  await expect(page.getByText("Your edits are kept in this browser")).toBeVisible();
  expect((await resultOf(service, jobId)).hits).toEqual(before.hits);
  await page.reload();
  await page.unroute("**/score");
  await saved(page);
  await expect
    .poll(async () => (await resultOf(service, jobId)).hits.length)
    .toBe(before.hits.length + 1);
});

test("count_is_halved_and_doubled_and_no_stroke_is_lost_on_the_way", async ({ page, service }) => {
  const jobId = await openEditor(page);
  const before = await resultOf(service, jobId);
  // A stroke that is not saved yet when the metre is changed.
  await page.getByTestId("drum-grid").focus();
  for (let i = 0; i < 9; i += 1) await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Tempo and bars" }).click();
  await page.getByRole("button", { name: "Half as fast", exact: true }).click();
  await expect
    .poll(async () => (await resultOf(service, jobId)).bpm)
    .toBeCloseTo(before.bpm / 2, 0);
  await page.getByRole("button", { name: "Twice as fast", exact: true }).click();
  await expect
    .poll(async () => (await resultOf(service, jobId)).bpm)
    .toBeCloseTo(before.bpm, 0);
  await saved(page);
  const after = await resultOf(service, jobId);
  expect(after.hits.length).toBe(before.hits.length + 1);
  // Faster than pages are written: each press counts.
  for (let i = 0; i < 3; i += 1) {
    await page.getByRole("button", { name: "Bars a beat later" }).click();
  }
  await expect
    .poll(async () => (await resultOf(service, jobId)).settings.shift_beats)
    .toBe(3);
  // The stroke can still be taken back, after what was said of the beats since.
  await page.getByRole("button", { name: "Correct notes" }).click();
  const undo = page.getByRole("button", { name: "Undo" });
  await expect(async () => {
    if (await undo.isEnabled()) await undo.click();
    await saved(page);
    expect((await resultOf(service, jobId)).hits).toEqual(before.hits);
  }).toPass({ timeout: 120_000 });
});

test("row_is_added_for_the_foot_hat_and_what_is_written_there_is_engraved", async ({ page, service }) => {
  const jobId = await openEditor(page);
  const before = await resultOf(service, jobId);
  await page.getByLabel("Add a row").selectOption({ label: "Foot hi-hat" });
  await page.getByTestId("drum-grid").focus();
  await page.keyboard.press("ArrowRight");
  for (let i = 0; i < 12; i += 1) await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await saved(page);
  const added = (await resultOf(service, jobId)).hits.filter((hit) => !before.hits.some((one) => same(one, hit)));
  expect(added).toHaveLength(1);
  expect(added[0]).toMatchObject({ instrument: "hihat_closed", articulation: "pedal" });
  await expect(page.locator(`#hit-${added[0]!.id}`)).toBeAttached();
  // Up into the row of the kick: no foot hat any more.
  await page.keyboard.press("Alt+ArrowUp");
  await saved(page);
  const moved = (await resultOf(service, jobId)).hits.find((hit) => hit.time === added[0]!.time);
  expect(moved).toMatchObject({ instrument: "kick", articulation: null });
});
