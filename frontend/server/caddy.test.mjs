// Caddy, as it stands in front of the service: a real one, before a service that says back what it
// was asked. CADDY_BIN names the program (else `caddy` on the path).
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import http from "node:http";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";

const BOOT = 'console.log("boot")';
const OTHER = 'console.log("other")';
const STORE = "https://store.example:9000";
let root;
let service;
let caddy;
let address;
const connections = new Set();

before(async () => {
  root = await mkdtemp(path.join(tmpdir(), "drumscribe-web-"));
  await mkdir(path.join(root, "jobs"));
  await mkdir(path.join(root, "_next", "static"), { recursive: true });
  await writeFile(path.join(root, "index.html"), `<script>${BOOT}</script><p>Start</p>`);
  await writeFile(path.join(root, "404.html"), `<script src="/a.js"></script><p>No such page</p>`);
  await writeFile(path.join(root, "jobs", "index.html"), `<script>${OTHER}</script><p>Song</p>`);
  await writeFile(path.join(root, "offline-songs.js"), "self.skipWaiting();");
  await writeFile(path.join(root, "_next", "static", "a.js"), "let a = 1;".repeat(100));
  execFileSync(process.execPath, [path.resolve(import.meta.dirname, "..", "scripts", "write_headers.mjs"), root]);

  service = http.createServer(echo);
  service.keepAliveTimeout = 0;
  service.on("connection", (connection) => connections.add(connection));
  service.listen(0, "127.0.0.1");
  await once(service, "listening");
  const port = await freePort();
  address = `http://127.0.0.1:${port}`;
  caddy = spawn(
    process.env.CADDY_BIN ?? "caddy",
    ["run", "--config", path.join(import.meta.dirname, "Caddyfile"), "--adapter", "caddyfile"],
    {
      env: {
        API_URL: `http://127.0.0.1:${service.address().port}`,
        HOST: "127.0.0.1",
        PORT: String(port),
        STORE_ORIGINS: STORE,
        WEB_ROOT: root,
        XDG_DATA_HOME: path.join(root, "..", `${path.basename(root)}-data`),
      },
      stdio: ["ignore", "ignore", "pipe"],
    },
  );
  await untilItServes();
});

after(async () => {
  if (caddy.exitCode === null) {
    const gone = once(caddy, "exit");
    caddy.kill("SIGTERM");
    const [code] = await gone;
    assert.equal(code, 0, "SIGTERM ends it cleanly");
  }
  service.closeAllConnections();
  service.close();
  await rm(root, { recursive: true, force: true });
  await rm(`${root}-data`, { recursive: true, force: true });
});

async function freePort() {
  const probe = net.createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address();
  probe.close();
  await once(probe, "close");
  return port;
}

async function untilItServes() {
  let said = "";
  for await (const piece of caddy.stderr) {
    said += piece;
    if (said.includes("serving initial configuration")) {
      caddy.stderr.resume();
      return;
    }
  }
  throw new Error(`Caddy has ended:\n${said}`);
}

function echo(request, response) {
  if (request.url === "/api/events") {
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    response.write("data: first\n\n");
    // The rest comes only when the first has been read.
    service.once("go-on", () => response.end("data: last\n\n"));
    return;
  }
  if (request.url === "/api/broken") {
    request.socket.destroy();
    return;
  }
  const hash = createHash("sha256");
  let bytes = 0;
  request.on("data", (chunk) => {
    hash.update(chunk);
    bytes += chunk.length;
  });
  request.on("end", () => {
    response.writeHead(202, { "Set-Cookie": ["a=1", "b=2"], Location: "/api/v1/jobs/1" });
    const { method, url, headers } = request;
    response.end(JSON.stringify({ method, url, headers, bytes, sha256: hash.digest("hex") }));
  });
}

/** A request whose path nobody tidies up: [status, headers]. */
function ask(way) {
  return new Promise((resolve, reject) => {
    http
      .get(address, { path: way }, (answer) => resolve([answer.resume().statusCode, answer.headers]))
      .on("error", reject);
  });
}

const hashOf = (script) => `'sha256-${createHash("sha256").update(script).digest("base64")}'`;

test("page carries a policy that allows the page's own scripts by their hashes only", async () => {
  const answer = await fetch(`${address}/`);
  const policy = answer.headers.get("content-security-policy").split("; ");
  assert.ok(policy.includes("default-src 'self'"));
  const scripts = policy.find((directive) => directive.startsWith("script-src ")).split(" ");
  assert.deepEqual(
    new Set(scripts.slice(1)),
    new Set(["'self'", "'wasm-unsafe-eval'", hashOf(BOOT), hashOf(OTHER)]),
  );
  assert.equal(answer.headers.get("x-frame-options"), "DENY");
  assert.equal(answer.headers.get("x-content-type-options"), "nosniff");
  assert.equal(answer.headers.get("cache-control"), "no-cache");
  assert.equal(answer.headers.get("server"), null);
  assert.ok(policy.includes(`connect-src 'self' ${STORE}`));
});

test("page that the browser has already keeps its policy", async () => {
  const first = await fetch(`${address}/jobs/`);
  const again = await fetch(`${address}/jobs/`, { headers: { "If-None-Match": first.headers.get("etag") } });
  assert.equal(again.status, 304);
  for (const name of ["content-security-policy", "referrer-policy", "cache-control"])
    assert.equal(again.headers.get(name), first.headers.get(name), name);
});

test("service reads the same headers", async () => {
  const rules = JSON.parse(await readFile(path.join(root, "headers.json"), "utf8"));
  const answer = await fetch(`${address}/`);
  for (const { paths, headers } of rules.filter((rule) => rule.paths.includes("*.html")))
    for (const [name, value] of Object.entries(headers))
      assert.equal(answer.headers.get(name), value.replaceAll("{$STORE_ORIGINS}", STORE), `${paths} ${name}`);
});

test("service worker may ask this origin and the store, and is asked for anew", async () => {
  const answer = await fetch(`${address}/offline-songs.js`);
  assert.equal(answer.headers.get("content-security-policy"), `default-src 'none'; connect-src 'self' ${STORE}`);
  assert.equal(answer.headers.get("cache-control"), "no-cache");
});

test("folder without slash is sent to the one with it, and the query stays", async () => {
  const answer = await fetch(`${address}/jobs?id=7`, { redirect: "manual" });
  assert.equal(answer.status, 308);
  assert.equal(answer.headers.get("location"), "/jobs/?id=7");
});

test("redirect never leaves the site", async () => {
  for (const way of ["//evil.example/..%2fjobs", "//jobs", "/\\evil.example/jobs"]) {
    const [, headers] = await ask(way);
    assert.match(headers.location ?? "/", /^\/(?!\/)/, way);
  }
});

test("unknown address gets the page that says so, with its policy, and nobody keeps that", async () => {
  for (const way of ["/nowhere", "/_next/static/gone.js", "/docsy"]) {
    const answer = await fetch(`${address}${way}`);
    assert.equal(answer.status, 404);
    assert.match(await answer.text(), /No such page/);
    assert.match(answer.headers.get("content-security-policy"), /frame-ancestors 'none'/);
    assert.equal(answer.headers.get("cache-control"), "no-cache");
  }
});

test("files outside of the export cannot be had", async () => {
  for (const way of ["/../package.json", "/%2e%2e/package.json", "/..%2fpackage.json"])
    assert.equal((await ask(way))[0], 404, way);
});

test("page takes questions only", async () => {
  const answer = await fetch(`${address}/`, { method: "POST", body: "x" });
  assert.equal(answer.status, 405);
});

test("script is compressed, kept for ever, and not sent twice", async () => {
  const answer = await fetch(`${address}/_next/static/a.js`, { headers: { "Accept-Encoding": "gzip" } });
  assert.equal(answer.headers.get("content-encoding"), "gzip");
  assert.match(answer.headers.get("cache-control"), /immutable/);
  assert.equal((await answer.text()).length, 1000);
  const again = await fetch(`${address}/_next/static/a.js`, {
    headers: { "If-None-Match": answer.headers.get("etag") },
  });
  assert.equal(again.status, 304);
});

test("request for the API arrives whole, with who asked", async () => {
  const body = Buffer.alloc(12_000_000, "drum");
  const answer = await fetch(`${address}/api/v1/jobs?x=1`, {
    method: "POST",
    body,
    headers: { "Idempotency-Key": "k", Cookie: "c=1", "X-Forwarded-For": "9.9.9.9" },
  });
  assert.equal(answer.status, 202);
  assert.equal(answer.headers.get("location"), "/api/v1/jobs/1");
  assert.deepEqual(answer.headers.getSetCookie(), ["a=1", "b=2"]);
  const asked = await answer.json();
  assert.equal(asked.method, "POST");
  assert.equal(asked.url, "/api/v1/jobs?x=1");
  assert.equal(asked.bytes, body.length);
  assert.equal(asked.sha256, createHash("sha256").update(body).digest("hex"));
  assert.equal(asked.headers["idempotency-key"], "k");
  assert.equal(asked.headers.cookie, "c=1");
  // By which name it was called is for the service to judge.
  assert.equal(asked.headers.host, new URL(address).host);
  // What the client claims stays left of what we saw ourselves.
  assert.equal(asked.headers["x-forwarded-for"], "9.9.9.9, 127.0.0.1");
});

test("documentation of the API is asked of the service", async () => {
  for (const url of ["/docs", "/docs/swagger-ui.css", "/openapi.json"]) {
    const answer = await fetch(`${address}${url}`);
    assert.equal((await answer.json()).url, url);
  }
});

test("events come through one by one", async () => {
  const reader = (await fetch(`${address}/api/events`)).body.getReader();
  const first = await reader.read();
  assert.equal(Buffer.from(first.value).toString(), "data: first\n\n");
  service.emit("go-on");
  const second = await reader.read();
  assert.equal(Buffer.from(second.value).toString(), "data: last\n\n");
});

test("service that breaks off is a problem document that may be tried again", async () => {
  const answer = await fetch(`${address}/api/broken`);
  assert.equal(answer.status, 502);
  assert.equal(answer.headers.get("content-type"), "application/problem+json");
  assert.equal(answer.headers.get("retry-after"), "5");
  assert.equal((await answer.json()).code, "unavailable");
});

test("idle connections to the service are ended before the service ends them", { timeout: 30_000 }, async () => {
  // This one would keep them for ever.
  await fetch(`${address}/api/last`, { method: "POST" });
  const open = [...connections].filter((connection) => !connection.closed);
  assert.notEqual(open.length, 0);
  await Promise.all(open.map((connection) => once(connection, "close")));
});
