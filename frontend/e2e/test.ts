import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { expect, test as base, type Locator, type Page } from "@playwright/test";
import type axe from "axe-core";
import type { Hit, JobResult } from "../src/api/client";
import type { TimeMap } from "../src/music/timeMap";
import { EXAMPLE_SONG, Service } from "./service";

interface Fixtures {
  /** Fails the test when the page asked another origin, broke the policy or threw an error. */
  guard: { allow: (complaint: RegExp) => void; alsoFrom: (origin: string) => void };
}

/** `test` with the real service running and the page's address set to it. */
export const test = base.extend<Fixtures, { service: Service }>({
  service: [
    // Playwright reads the names of the fixtures out of the braces.
    async ({}, use) => {
      const service = await Service.start({ MAX_FILE_SIZE_MB: "6" });
      await use(service);
      await service.stop();
    },
    { scope: "worker", timeout: 180_000 },
  ],
  baseURL: async ({ service }, use) => use(service.url),
  guard: [
    async ({ page, service }, use) => {
      const strangers: string[] = [];
      const complaints: string[] = [];
      const allowed: RegExp[] = [];
      const origins = [service.url];
      page.on("request", (request) => {
        const { protocol, origin } = new URL(request.url());
        if (!["blob:", "data:"].includes(protocol) && !origins.includes(origin)) {
          strangers.push(request.url());
        }
      });
      page.on("pageerror", (error) => complaints.push(String(error)));
      page.on("console", (message) => {
        if (message.type() === "error") complaints.push(`${message.text()} ${message.location().url}`);
      });
      await use({
        allow: (pattern) => allowed.push(pattern),
        alsoFrom: (origin) => origins.push(origin),
      });
      expect(strangers, "requests that left the origin").toEqual([]);
      const unexpected = complaints.filter((text) => !allowed.some((one) => one.test(text)));
      expect(unexpected, "errors in the console").toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

/** Hands the example song in through the page and waits for its result. */
export async function transcribeExample(page: Page): Promise<string> {
  await page.goto("/");
  await dropFile(page, EXAMPLE_SONG);
  await page.getByRole("button", { name: "Write the drum part" }).click();
  await page.waitForURL(/\/jobs\/\?id=/);
  await expect(page.getByRole("heading", { name: "What is played" })).toBeVisible({
    timeout: 150_000,
  });
  return jobIdOf(page);
}

/** An example song that nobody touches, for each service: what it heard once is not heard again. */
const untouched = new Map<string, string>();

/** Opens an example song of one's own: a copy of the first one that was handed in; the job's id. */
export async function openExample(page: Page): Promise<string> {
  // The visitor is known before any page is open: a page that is loading becomes a visitor of its
  // own, and of two that become one at the same time the later takes the other's place.
  const { origin } = new URL((await page.request.post("/api/v1/session")).url());
  const known = untouched.get(origin);
  if (known === undefined) {
    const jobId = await transcribeExample(page);
    untouched.set(origin, await copyOf(page, jobId));
    return jobId;
  }
  const jobId = await copyOf(page, known);
  await page.goto(`/jobs/?id=${jobId}`);
  await expect(page.getByRole("heading", { name: "What is played" })).toBeVisible();
  return jobId;
}

/** A copy of a finished song, which belongs to this page's visitor. */
async function copyOf(page: Page, jobId: string): Promise<string> {
  const answer = await page.request.post(`/api/v1/jobs/${jobId}/copy`);
  if (!answer.ok()) throw new Error(await answer.text());
  return ((await answer.json()) as { job_id: string }).job_id;
}

/** Opens an example song and its drum grid; the job's id. */
export async function openEditor(page: Page): Promise<string> {
  const jobId = await openExample(page);
  await expect(page.locator(".score-page svg").first()).toBeVisible();
  await page.getByRole("button", { name: "Correct notes" }).click();
  await expect(page.getByTestId("drum-grid")).toBeVisible();
  return jobId;
}

/**
 * Where an element is once it has come to rest: pages grow and scroll while their parts arrive, on a
 * slow machine between measuring and clicking. It has to be in sight, for a mouse beside the window hits nothing.
 */
export async function restingBox(element: Locator): Promise<{ x: number; y: number; width: number; height: number }> {
  let box = await element.boundingBox();
  await expect
    .poll(
      async () => {
        const before = box;
        box = await element.boundingBox();
        return before !== null && JSON.stringify(box) === JSON.stringify(before);
      },
      { intervals: [150] },
    )
    .toBe(true);
  await expect(element).toBeInViewport();
  return box!;
}

/** The same for one that may have to be scrolled to. */
export async function boxInSight(element: Locator): Promise<{ x: number; y: number; width: number; height: number }> {
  await element.evaluate((one) => one.scrollIntoView({ block: "center" }));
  return restingBox(element);
}

/** Waits until every change has reached the service. */
export const saved = (page: Page) =>
  expect(page.getByTestId("save-state")).toHaveText("All changes are saved");

/** Whether two strokes are on the same drum at the same time. */
export const same = (a: Hit, b: Hit) => a.time === b.time && a.instrument === b.instrument;

export const jobIdOf = (page: Page): string => new URL(page.url()).searchParams.get("id") ?? "";

/** Chooses a file as if it had been picked in the dialog. */
export async function dropFile(page: Page, file: string): Promise<void> {
  await page.getByLabel("Recording").setInputFiles(file);
}

export async function resultOf(service: Service, jobId: string): Promise<JobResult> {
  const answer = await fetch(`${service.url}/api/v1/jobs/${jobId}/result`);
  expect(answer.status).toBe(200);
  return (await answer.json()) as JobResult;
}

export async function timeMapOf(service: Service, jobId: string): Promise<TimeMap> {
  const answer = await fetch(`${service.url}/api/v1/jobs/${jobId}/download/timemap`);
  expect(answer.status).toBe(200);
  return (await answer.json()) as TimeMap;
}

/** No serious or critical finding of axe in what is shown now. */
export async function expectAccessible(page: Page): Promise<void> {
  await fadesOver(page);
  const source = await readFile(pathOf("axe-core/axe.min.js"), "utf8");
  // Through the debugger, because the page's policy lets no foreign script in.
  await page.evaluate(source);
  const findings = await page.evaluate(async () => {
    const engine = (globalThis as unknown as { axe: typeof axe }).axe;
    const { violations } = await engine.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    });
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`);
  });
  expect(findings).toEqual([]);
}

/** A colour half way from one to the other is nobody's to read, and axe would measure its contrast. */
async function fadesOver(page: Page): Promise<void> {
  await page.waitForFunction(() =>
    document.getAnimations().every((fade) => !(fade instanceof CSSTransition) || fade.playState !== "running"),
  );
}

const pathOf = (name: string): string => createRequire(import.meta.url).resolve(name);
