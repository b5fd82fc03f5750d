// Passes /api on to the service: streams both ways, buffers nothing, adds who asked.
import http from "node:http";
import https from "node:https";
import { pipeline } from "node:stream";

const HOP_BY_HOP = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);
const UNREACHABLE = JSON.stringify({
  type: "about:blank",
  title: "Bad Gateway",
  status: 502,
  detail: "The service did not answer.",
  code: "unavailable",
  instance: "",
});

/** uvicorn ends a connection that was idle for five seconds; a question may cross with that. */
const IDLE_MILLISECONDS = 4000;

/**
 * A request listener that asks the service at `target` (an URL).
 *
 * idleMilliseconds: connections that nobody uses are ended after it, before the service does so.
 */
export function makeProxy(target, { idleMilliseconds = IDLE_MILLISECONDS } = {}) {
  const base = new URL(target);
  const { request: ask, Agent } = base.protocol === "https:" ? https : http;
  const agent = new Agent({ keepAlive: true, timeout: idleMilliseconds });

  return (request, response) => {
    const headers = kept(request.headers);
    // The service judges by which name it was called; a far one (https) is known by its own.
    headers.host = base.protocol === "https:" ? base.host : request.headers.host;
    // The service trusts as many entries from the right as it has proxies (TRUSTED_PROXY_HOPS).
    const before = request.headers["x-forwarded-for"];
    const peer = request.socket.remoteAddress ?? "unknown";
    headers["x-forwarded-for"] = before ? `${before}, ${peer}` : peer;

    const options = { method: request.method, headers, agent, path: request.url };
    const asked = ask(base, options, (answer) => {
      response.writeHead(answer.statusCode ?? 502, kept(answer.headers));
      pipeline(answer, response, () => undefined);
    });
    asked.on("error", () => {
      if (response.headersSent) {
        response.destroy();
        return;
      }
      response.writeHead(502, {
        "Content-Type": "application/problem+json",
        "Cache-Control": "no-store",
        "Retry-After": "5",
        // What is left of an upload is not read.
        Connection: "close",
      });
      response.end(UNREACHABLE);
    });
    // Whoever goes away ends the question too; events would go on for ever.
    response.on("close", () => asked.destroy());
    request.pipe(asked);
  };
}

function kept(headers) {
  const named = String(headers.connection ?? "")
    .split(",")
    .map((name) => name.trim().toLowerCase());
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name) && !named.includes(name)),
  );
}
