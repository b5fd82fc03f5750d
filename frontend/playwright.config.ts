import { defineConfig } from "@playwright/test";
import { chromiumPath } from "./e2e/chromium";

const isRoot = process.getuid?.() === 0;

export default defineConfig({
  testDir: "e2e",
  outputDir: "test-results",
  // One service, one browser: machines that run this may have two cores.
  workers: 1,
  fullyParallel: false,
  forbidOnly: Boolean(process.env.CI),
  retries: 0,
  // Real songs are really transcribed, maybe on a machine that others load: what is waited for has come far
  // earlier (7 s a test in the middle), and nothing here is a measurement of speed.
  timeout: 300_000,
  expect: { timeout: 60_000 },
  reporter: [["list"]],
  use: {
    browserName: "chromium",
    locale: "en",
    viewport: { width: 1280, height: 900 },
    screenshot: "only-on-failure",
    // What it hands out no test can stand in for; offline.spec.ts lets it in.
    serviceWorkers: "block",
    launchOptions: {
      executablePath: chromiumPath(),
      args: [
        "--autoplay-policy=no-user-gesture-required",
        // Chromium refuses to put root into a sandbox; containers of CI are root.
        ...(isRoot ? ["--no-sandbox"] : []),
      ],
    },
  },
});
