import { setupServer } from "msw/node";

/** The service of unit tests; each test says with `server.use(...)` what it answers. */
export const server = setupServer();
