import { expect, openEditor, restingBox, resultOf, saved, test, openExample } from "./test";

test("grid_lies_at_the_foot_and_the_edited_bar_is_seen_above_it", async ({ page, service }) => {
  await page.setViewportSize({ width: 1440, height: 900 });
  const jobId = await openEditor(page);
  const before = await resultOf(service, jobId);
  const grid = page.getByTestId("drum-grid");
  await grid.focus();
  for (let i = 0; i < 9; i += 1) await page.keyboard.press("ArrowUp");
  for (let i = 0; i < 80; i += 1) await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await saved(page);
  const dock = await restingBox(page.getByRole("region", { name: "Editor" }));
  expect(dock.height).toBeLessThanOrEqual(0.4 * 900);
  expect(dock.y + dock.height).toBeLessThanOrEqual(900);
  await expect(grid).toBeInViewport({ ratio: 0.9 });
  // All three at once: the page may be scrolling still.
  await expect
    .poll(() =>
      page.evaluate(() => {
        const [bar, player, editor] = ["#bar-6 .staff", ".player-dock", ".editor-dock"].map((selector) =>
          document.querySelector(selector)?.getBoundingClientRect(),
        );
        return bar && player && editor ? bar.top >= player.bottom && bar.bottom <= editor.top : false;
      }),
    )
    .toBe(true);
  expect((await resultOf(service, jobId)).hits).toHaveLength(before.hits.length + 1);
});

test("practice_is_remembered_and_space_plays_whatever_was_clicked", async ({ page }) => {
  await openExample(page);
  const play = page.getByRole("button", { name: "Play", exact: true });
  const pause = page.getByRole("button", { name: "Pause" });
  await expect(play).toBeEnabled();
  await page.getByLabel("Count-in").selectOption("2");
  await page.getByLabel("Count-in").selectOption("0");
  await page.getByRole("button", { name: "Mixer" }).click();
  for (const name of ["75 %", "Loop", "Click", "Doubtful notes", "Mute Recording"]) {
    await page.getByRole("button", { name }).first().click();
    await page.keyboard.press("Space");
    await expect(pause).toBeVisible();
    await page.keyboard.press("Space");
    await expect(play).toBeVisible();
  }
  await page.getByRole("button", { name: "Trainer" }).click();
  await page.getByLabel("After so many loops").fill("4");
  await page.getByRole("button", { name: "Keep this loop" }).click();
  await page.getByLabel("Name of the loop").fill("Groove");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Groove", exact: true })).toHaveAttribute("aria-pressed", "true");

  await page.reload();
  await expect(page.getByText("Speed 75 %")).toBeVisible();
  await expect(page.getByLabel("Loop from bar")).toHaveValue("1");
  await expect(page.getByLabel("After so many loops")).toHaveValue("4");
  await page.getByRole("button", { name: "Mixer" }).click();
  await expect(page.getByRole("button", { name: "Mute Recording" })).toHaveAttribute("aria-pressed", "true");

  // Drawn over the waveform: whole bars.
  const wave = await restingBox(page.getByRole("slider", { name: "Place in the song" }));
  await page.mouse.move(wave.x + 0.5 * wave.width, wave.y + 20);
  await page.mouse.down();
  await page.mouse.move(wave.x + 0.6 * wave.width, wave.y + 20, { steps: 4 });
  await page.mouse.up();
  await expect(page.getByLabel("Loop from bar")).not.toHaveValue("1");
  await page.getByRole("button", { name: "Groove", exact: true }).click();
  await expect(page.getByLabel("Loop from bar")).toHaveValue("1");
});
