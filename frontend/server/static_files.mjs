// Answers from the static export, all of which is known when the server starts.
import { readFile, readdir, stat } from "node:fs/promises";
import { createHash } from "node:crypto";
import path from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { PAGE_HEADERS, pagePolicy, WORKER_FILE, workerPolicy } from "./content_security.mjs";

const TYPES = {
  ".css": "text/css; charset=utf-8",
  ".flac": "audio/flac",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".mp3": "audio/mpeg",
  ".ogg": "audio/ogg",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".wav": "audio/wav",
  ".webmanifest": "application/manifest+json",
  ".woff2": "font/woff2",
};
const COMPRESSED = /^(?:text\/|application\/(?:json|manifest\+json|wasm)|image\/svg)/;
const FOR_EVER = "public, max-age=31536000, immutable";

/**
 * The files of an export by their addresses: `Map<address, File>`.
 *
 * A File has body, gzip and br (Buffers; the last two may be missing) and headers.
 */
export async function loadExport(root, { stores = [] } = {}) {
  const files = new Map();
  for (const name of await readdir(root, { recursive: true })) {
    const place = path.join(root, name);
    if (!(await stat(place)).isFile()) continue;
    const address = `/${name.split(path.sep).join("/")}`;
    const file = await load(place, address, stores);
    files.set(address, file);
    if (address.endsWith("/index.html")) files.set(address.slice(0, -"index.html".length), file);
  }
  if (!files.has("/")) throw new Error(`There is no page in ${root}: npm run build`);
  return files;
}

async function load(place, address, stores) {
  const body = await readFile(place);
  const type = TYPES[path.extname(place)] ?? "application/octet-stream";
  const headers = {
    "Content-Type": type,
    "Cache-Control": address.startsWith("/_next/static/") ? FOR_EVER : "no-cache",
    "X-Content-Type-Options": "nosniff",
    ETag: `"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"`,
  };
  if (address === WORKER_FILE) headers["Content-Security-Policy"] = workerPolicy({ stores });
  if (type.startsWith("text/html")) {
    Object.assign(headers, PAGE_HEADERS, {
      "Content-Security-Policy": pagePolicy(body.toString("utf8"), { stores }),
    });
  }
  if (!COMPRESSED.test(type)) return { body, headers };
  headers.Vary = "Accept-Encoding";
  return {
    body,
    headers,
    gzip: await promisify(gzip)(body, { level: 9 }),
    br: await promisify(brotliCompress)(body, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 9 },
    }),
  };
}

/** Answers a GET or HEAD from the files. */
export function serveFile(files, request, response) {
  if (request.method !== "GET" && request.method !== "HEAD") {
    response.writeHead(405, { Allow: "GET, HEAD" }).end();
    return;
  }
  const [address, query] = splitAddress(request.url);
  if (!files.has(address) && files.has(`${address}/`)) {
    response.writeHead(308, { Location: `${address}/${query}` }).end();
    return;
  }
  const file = files.get(address) ?? files.get("/404.html");
  const status = files.has(address) ? 200 : 404;
  if (!file) {
    response.writeHead(404).end();
    return;
  }
  if (status === 200 && request.headers["if-none-match"] === file.headers.ETag) {
    response.writeHead(304, file.headers).end();
    return;
  }
  const accepted = String(request.headers["accept-encoding"] ?? "");
  const encoding = ["br", "gzip"].find((name) => file[name] && accepted.includes(name));
  const body = encoding ? file[encoding] : file.body;
  response.writeHead(status, {
    ...file.headers,
    ...(encoding ? { "Content-Encoding": encoding } : {}),
    "Content-Length": body.length,
  });
  response.end(request.method === "HEAD" ? undefined : body);
}

function splitAddress(url) {
  const at = url.indexOf("?");
  const [written, query] = at < 0 ? [url, ""] : [url.slice(0, at), url.slice(at)];
  try {
    // `//elsewhere` would make a redirect leave this site.
    return [decodeURIComponent(written).replace(/^\/+/, "/"), query];
  } catch {
    return ["/404.html", ""];
  }
}
