import { fetchedSeparator } from "./separator";
import { Service } from "./service";
import { test as base } from "./test";

type Origin = Awaited<ReturnType<typeof fetchedSeparator>>;

/**
 * `test` with a service, for each file that calls this, without the separation model, and where it may fetch it: what
 * needs it goes on until it is let through, and not a moment less.
 */
export const fetchingTest = () =>
  base.extend<object, { origin: Origin; service: Service }>({
    origin: [
      async ({}, use) => {
        const origin = await fetchedSeparator();
        await use(origin);
        origin.goOn();
        origin.close();
      },
      { scope: "worker" },
    ],
    service: [
      async ({ origin }, use) => {
        const service = await Service.start({ ...origin.settings, POLL_INTERVAL_SECONDS: "0.2" });
        await use(service);
        await service.stop();
      },
      { scope: "worker", timeout: 180_000 },
    ],
  });
