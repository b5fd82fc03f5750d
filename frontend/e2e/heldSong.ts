import type { Page } from "@playwright/test";
import { fetchedSeparator } from "./separator";
import { EXAMPLE_SONG, Service } from "./service";
import { dropFile } from "./test";

/**
 * Hands the example song in where it is not done before it has been looked at: at a service of its own, whose
 * separation model does not come until it is let through. (What was heard once is not heard again.)
 */
export async function withSongHeld(
  page: Page,
  guard: { alsoFrom: (origin: string) => void },
  look: (letGo: () => void) => Promise<void>,
): Promise<void> {
  const origin = await fetchedSeparator();
  const service = await Service.start(origin.settings);
  guard.alsoFrom(service.url);
  try {
    await page.goto(`${service.url}/`);
    await dropFile(page, EXAMPLE_SONG);
    await page.getByText("Title, tempo and more").click();
    await page.getByLabel("Take the drums out of the mix first").selectOption("always");
    await page.getByRole("button", { name: "Write the drum part" }).click();
    await page.waitForURL(/\/jobs\/\?id=/);
    await look(origin.goOn);
    // It would go on asking a service that is gone, and complain.
    await page.close();
  } finally {
    origin.goOn();
    await service.stop();
    origin.close();
  }
}
