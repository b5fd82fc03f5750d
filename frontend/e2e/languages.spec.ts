import type { Page } from "@playwright/test";
import { EXAMPLE_SONG } from "./service";
import { expect, expectAccessible, restingBox, test } from "./test";

/** What a reader of each language looks for, from the first page to the score. */
const READERS = {
  de: {
    headline: "Ein Song rein, die Drum-Noten raus.",
    language: "Sprache",
    recording: "Aufnahme",
    write: "Noten schreiben",
    played: "Was gespielt wird",
    drums: /^Bassdrum/,
    count: /von dir korrigiert/,
    correct: "Noten korrigieren",
    grid: /^Schlagzeugraster/,
    undo: "Rückgängig",
    saved: "Alle Änderungen sind gespeichert",
    settings: "Tempo und Takte",
    missing: "Diesen Song gibt es nicht",
    song: "Meine Songs",
  },
  es: {
    headline: "Entra una canción, sale la batería.",
    language: "Idioma",
    recording: "Grabación",
    write: "Escribir la batería",
    played: "Lo que se toca",
    drums: /^Bombo/,
    count: /corregida por ti/,
    correct: "Corregir notas",
    grid: /^Cuadrícula de batería/,
    undo: "Deshacer",
    saved: "Todos los cambios están guardados",
    settings: "Tempo y compases",
    missing: "Esta canción no existe",
    song: "Mis canciones",
  },
} as const;

/** Names of messages that are shown instead of the messages. */
async function expectNoKeys(page: Page): Promise<void> {
  const shown = await page.evaluate(() => [
    document.body.innerText,
    ...[...document.querySelectorAll("[aria-label], [title], [placeholder]")].flatMap((element) => [
      element.getAttribute("aria-label"), element.getAttribute("title"), element.getAttribute("placeholder"),
    ]),
  ].join("\n"));
  expect(shown.match(/\b(common|editor|files|job|keys|music|player|result|settings|songs|start)\.[a-z_]+/g)).toBeNull();
}

/** Nothing stands beyond the right edge, but what can be scrolled to within the page. */
async function expectNoOverflow(page: Page): Promise<void> {
  const beyond = () => page.evaluate(() => {
    const scrolls = (element: Element | null): boolean =>
      element !== null &&
      (["auto", "scroll"].includes(getComputedStyle(element).overflowX) || scrolls(element.parentElement));
    return [...document.querySelectorAll("body :is(button, a, p, h1, h2, h3, input, select, label, legend, dd, li)")]
      .filter((element) => {
        const box = element.getBoundingClientRect();
        return box.width > 1 && box.right > innerWidth + 1 && !scrolls(element.parentElement);
      })
      .map((element) => element.outerHTML.slice(0, 120));
  });
  // What is measured by a script follows a moment after the window.
  await expect.poll(beyond).toEqual([]);
}

for (const [language, words] of Object.entries(READERS)) {
  test.describe(() => {
    test.use({ locale: language });

    test(`page_in_${language}_leads_from_the_first_view_to_the_score`, async ({ page, guard }) => {
      guard.allow(/status of 404/);
      await page.goto("/");
      await expect(page.getByRole("heading", { name: words.headline })).toBeVisible();
      await expect(page.locator("html")).toHaveAttribute("lang", language);
      await expect(page.getByRole("heading", { name: words.song })).toBeVisible();
      await expectAccessible(page);
      await page.getByLabel(words.recording).setInputFiles(EXAMPLE_SONG);
      await page.getByRole("button", { name: words.write }).click();
      await page.waitForURL(/\/jobs\/\?id=/);
      await expect(page.getByRole("heading", { name: words.played })).toBeVisible({ timeout: 150_000 });
      await expect(page.locator(".score-page svg").first()).toBeVisible();
      await expect(page.getByRole("row", { name: words.drums })).toBeVisible();
      await expectAccessible(page);
      await page.getByRole("button", { name: words.correct }).click();
      await expect(page.getByTestId("drum-grid")).toHaveAccessibleName(words.grid);
      await page.getByTestId("drum-grid").press("Enter");
      await expect(page.getByTestId("save-state")).toHaveText(words.saved);
      // The tools of chosen notes have one line, so that the score above keeps its room.
      await page.setViewportSize({ width: 1440, height: 900 });
      await page.getByTestId("drum-grid").press("Control+a");
      const tools = await restingBox(page.getByTestId("selection"));
      const toolbar = await restingBox(page.locator(".editor-dock").getByRole("toolbar"));
      expect(Math.abs(tools.y - toolbar.y)).toBeLessThan(10);
      await page.setViewportSize({ width: 1280, height: 900 });
      await page.getByRole("button", { name: words.settings }).click();
      await expectNoKeys(page);
      await expectAccessible(page);
      for (const width of [360, 1280]) {
        await page.setViewportSize({ width, height: 900 });
        await expectNoOverflow(page);
      }
      await page.goto("/jobs/?id=00000000-0000-4000-8000-000000000000");
      await expect(page.getByRole("heading", { name: words.missing })).toBeVisible();
      await page.goto("/");
      await expect(page.locator("#songs").getByText("funk-rock").first()).toBeVisible();
      await page.setViewportSize({ width: 360, height: 800 });
      await expectNoOverflow(page);
      await expectNoKeys(page);
    });
  });
}

test("language_can_be_chosen_is_remembered_and_loses_nothing", async ({ page }) => {
  const fetched: string[] = [];
  page.on("request", (request) => fetched.push(request.url()));
  await page.goto("/");
  await expect(page.getByRole("heading", { name: "A song in, the drum part out." })).toBeVisible();
  await page.getByLabel("Recording").setInputFiles(EXAMPLE_SONG);
  await page.getByText("Title, tempo and more").click();
  await page.getByLabel("Title").fill("Half typed");
  // What the page itself brings in later has come.
  await page.waitForLoadState("networkidle");
  const before = new Set(fetched);
  await page.getByLabel("Language").selectOption({ label: "Deutsch" });
  await expect(page.getByRole("button", { name: "Noten schreiben" })).toBeVisible();
  await expect(page.getByLabel("Titel")).toHaveValue("Half typed");
  await expect(page.locator("html")).toHaveAttribute("lang", "de");
  // The words came when they were wanted, in one piece.
  expect(fetched.filter((url) => !before.has(url) && /\.js$/.test(url))).toHaveLength(1);
  await page.reload();
  await expect(page.getByRole("heading", { name: READERS.de.headline })).toBeVisible();
  await expect(page).toHaveTitle(/Schlagzeugnoten/);
});

test("page_whose_words_do_not_come_is_shown_in_english", async ({ browser, service }) => {
  const context = await browser.newContext({ locale: "de", baseURL: service.url });
  const page = await context.newPage();
  const response = await page.goto("/");
  const html = await response!.text();
  const firstLoad = new Set([...html.matchAll(/\/_next\/[^"\\]+\.js/g)].map(([address]) => address));
  await page.route("**/_next/**/*.js", (route) =>
    firstLoad.has(new URL(route.request().url()).pathname) ? route.continue() : route.abort(),
  );
  await page.reload();
  await expect(page.getByRole("heading", { name: "A song in, the drum part out." })).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  await context.close();
});
