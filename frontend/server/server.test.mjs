// The Node server in front of a service that says back what it was asked.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import http from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { makeProxy } from "./api_proxy.mjs";

const BOOT = 'console.log("boot")';
let root;
let service;
let server;
let address;

before(async () => {
  root = await mkdtemp(path.join(tmpdir(), "drumscribe-web-"));
  await mkdir(path.join(root, "jobs"));
  await mkdir(path.join(root, "_next", "static"), { recursive: true });
  await writeFile(path.join(root, "index.html"), `<script>${BOOT}</script><p>Start</p>`);
  await writeFile(path.join(root, "404.html"), "<p>No such page</p>");
  await writeFile(path.join(root, "jobs", "index.html"), "<p>Song</p>");
  await writeFile(path.join(root, "offline-songs.js"), "self.skipWaiting();");
  await writeFile(path.join(root, "_next", "static", "a.js"), "let a = 1;".repeat(100));

  service = http.createServer(echo);
  service.listen(0, "127.0.0.1");
  await once(service, "listening");

  server = spawn(process.execPath, [path.join(import.meta.dirname, "serve.mjs")], {
    env: {
      ...process.env,
      API_URL: `http://127.0.0.1:${service.address().port}`,
      HOST: "127.0.0.1",
      PORT: "0",
      WEB_ROOT: root,
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [said] = await once(server.stdout, "data");
  address = `http://127.0.0.1:${/:(\d+)\s/.exec(String(said))[1]}`;
});

after(async () => {
  const gone = once(server, "exit");
  server.kill("SIGTERM");
  const [code] = await gone;
  service.closeAllConnections();
  service.close();
  await rm(root, { recursive: true, force: true });
  assert.equal(code, 0, "SIGTERM ends it cleanly");
});

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

test("page carries a policy that allows its own scripts by their hash only", async () => {
  const answer = await fetch(`${address}/`);
  const policy = answer.headers.get("content-security-policy");
  const hash = createHash("sha256").update(BOOT).digest("base64");
  assert.match(policy, /default-src 'self'/);
  const scripts = policy.split("; ").find((directive) => directive.startsWith("script-src "));
  assert.ok(scripts.split(" ").includes(`'sha256-${hash}'`));
  assert.doesNotMatch(scripts, /'unsafe-(?:inline|eval)'/);
  assert.equal(answer.headers.get("x-frame-options"), "DENY");
});

test("service worker may ask this origin and is asked for anew", async () => {
  const answer = await fetch(`${address}/offline-songs.js`);
  assert.equal(answer.headers.get("content-security-policy"), "default-src 'none'; connect-src 'self'");
  assert.equal(answer.headers.get("cache-control"), "no-cache");
});

test("folder without slash is sent to the one with it, and the query stays", async () => {
  const answer = await fetch(`${address}/jobs?id=7`, { redirect: "manual" });
  assert.equal(answer.status, 308);
  assert.equal(answer.headers.get("location"), "/jobs/?id=7");
});

test("redirect never leaves the site", async () => {
  const answer = await fetch(`${address}//evil.example/..%2fjobs`, { redirect: "manual" });
  assert.equal(answer.status, 404);
  assert.equal(answer.headers.get("location"), null);
});

test("unknown address gets the page that says so", async () => {
  const answer = await fetch(`${address}/nowhere`);
  assert.equal(answer.status, 404);
  assert.match(await answer.text(), /No such page/);
});

test("files outside of the export cannot be had", async () => {
  for (const way of ["/../package.json", "/%2e%2e/package.json", "/..%2fpackage.json"]) {
    const status = await new Promise((resolve, reject) => {
      // fetch would tidy the path up.
      http.get(`${address}`, { path: way }, (answer) => resolve(answer.resume().statusCode)).on("error", reject);
    });
    assert.equal(status, 404, way);
  }
});

test("script is compressed, kept for ever, and not sent twice", async () => {
  const answer = await fetch(`${address}/_next/static/a.js`, {
    headers: { "Accept-Encoding": "gzip, br" },
  });
  assert.equal(answer.headers.get("content-encoding"), "br");
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
  assert.equal((await fetch(`${address}/docsy`)).status, 404);
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
  assert.equal((await answer.json()).code, "unavailable");
});

test("idle connection is ended before the service ends it, a slow answer is waited for", { timeout: 30_000 }, async () => {
  const slow = http.createServer((request, response) => {
    setTimeout(() => response.end("late"), request.url.endsWith("slow") ? 300 : 0);
  });
  // It would keep the connection for ever.
  slow.keepAliveTimeout = 0;
  slow.listen(0, "127.0.0.1");
  await once(slow, "listening");
  const proxy = makeProxy(`http://127.0.0.1:${slow.address().port}`, { idleMilliseconds: 50 });
  const front = http.createServer(proxy).listen(0, "127.0.0.1");
  await once(front, "listening");
  const [[connection], answer] = await Promise.all([
    once(slow, "connection"),
    fetch(`http://127.0.0.1:${front.address().port}/api/slow`),
  ]);
  assert.equal(await answer.text(), "late");
  if (!connection.closed) await once(connection, "close");
  front.closeAllConnections();
  front.close();
  slow.close();
});
