// The web page in a container of its own: the export, and /api and /docs passed on to the service.
//
//   API_URL=http://api:8000 PORT=3000 node server/serve.mjs
//
// API_URL    where the service is (http://localhost:8000)
// PORT       where to listen (3000); HOST the address (0.0.0.0)
// WEB_ROOT   the folder of the export (../out)
// STORE_ORIGINS  origins that downloads are redirected to, separated by blanks, if the service
//            gives out links to an S3 store
import http from "node:http";
import path from "node:path";
import { makeProxy } from "./api_proxy.mjs";
import { loadExport, serveFile } from "./static_files.mjs";

const env = process.env;
const root = env.WEB_ROOT ?? path.resolve(import.meta.dirname, "..", "out");
const stores = (env.STORE_ORIGINS ?? "").split(/\s+/).filter(Boolean);
const files = await loadExport(root, { stores });
const proxy = makeProxy(env.API_URL ?? "http://localhost:8000");

/** The API, its documentation, and the address at which tools look for its description. */
function isOfTheService(url) {
  const [path] = url.split("?", 1);
  return /^\/(?:api|docs)(?:\/|$)/.test(path) || path === "/openapi.json";
}

const server = http.createServer((request, response) => {
  if (request.url === "/healthz") response.writeHead(200, { "Content-Type": "text/plain" }).end("ok\n");
  else if (isOfTheService(request.url)) proxy(request, response);
  else serveFile(files, request, response);
});
// Uploads over slow lines take longer than Node's five minutes.
server.requestTimeout = 0;
server.headersTimeout = 30_000;
server.listen(Number(env.PORT ?? 3000), env.HOST ?? "0.0.0.0", () => {
  console.log(`DrumScribe's page is at http://localhost:${server.address().port}`);
});

for (const signal of ["SIGTERM", "SIGINT"]) {
  process.once(signal, () => {
    server.close(() => process.exit(0));
    server.closeIdleConnections();
    // Event streams end only when somebody ends them.
    setTimeout(() => server.closeAllConnections(), 2000).unref();
  });
}
