// Writes what browsers may do with the files of the export, once for both servers that send them:
// out/headers.json, which the service reads, and out/headers.caddy, which Caddy imports.
//
//   node scripts/write_headers.mjs [folder of the export]
//
// Content-Security-Policy: https://www.w3.org/TR/CSP3/. Scripts that stand in a page are allowed by
// their hash, so that a script that somebody smuggled into it is not run.
import { createHash } from "node:crypto";
import { readFile, readdir, writeFile } from "node:fs/promises";
import path from "node:path";

const INLINE_SCRIPT = /<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g;
// Origins of a file store that downloads are redirected to, which only a running server knows. Caddy
// puts its environment in while it reads its configuration, the service what its storage says.
const STORES = "{$STORE_ORIGINS}";

const out = path.resolve(process.argv[2] ?? path.join(import.meta.dirname, "..", "out"));
const names = (await readdir(out, { recursive: true })).filter((name) => name.endsWith(".html"));
const pages = await Promise.all(names.sort().map((name) => readFile(path.join(out, name), "utf8")));
// The pages share most of their few scripts: one policy lets in the scripts of all.
const scripts = pages.flatMap((html) => [...html.matchAll(INLINE_SCRIPT)].map(([, script]) => script));
const hashes = [...new Set(scripts)].map(
  (script) => `'sha256-${createHash("sha256").update(script).digest("base64")}'`,
);

const pagePolicy = [
  "default-src 'self'",
  // The player's time stretcher is WebAssembly; JavaScript from texts stays forbidden.
  ["script-src 'self' 'wasm-unsafe-eval'", ...hashes].join(" "),
  "style-src 'self'",
  // A score that is put into the page brings its style attributes.
  "style-src-attr 'unsafe-inline'",
  `img-src 'self' data: blob: ${STORES}`,
  "font-src 'self' data:",
  `media-src 'self' blob: ${STORES}`,
  `connect-src 'self' ${STORES}`,
  "worker-src 'self' blob:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

/** Paths (* stands for anything) and the headers of their files; a later rule beats an earlier one. */
const rules = [
  { paths: ["/*"], headers: { "Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff" } },
  {
    // Their names change with their contents.
    paths: ["/_next/static/*"],
    headers: { "Cache-Control": "public, max-age=31536000, immutable" },
  },
  {
    paths: ["*/", "*.html"],
    headers: {
      "Content-Security-Policy": pagePolicy,
      "Referrer-Policy": "same-origin",
      "X-Frame-Options": "DENY",
      "Cross-Origin-Opener-Policy": "same-origin",
      "Permissions-Policy":
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), " +
        "microphone=(), midi=(), payment=(), usb=()",
    },
  },
  {
    // The service worker asks for what the page asks for, and has nothing else to do.
    paths: ["/offline-songs.js"],
    headers: { "Content-Security-Policy": `default-src 'none'; connect-src 'self' ${STORES}` },
  },
];

await writeFile(path.join(out, "headers.json"), `${JSON.stringify(rules, null, 2)}\n`);
await writeFile(path.join(out, "headers.caddy"), rules.map(asCaddy).join("\n"));

/** Caddy's words for one rule; `header` replaces what an earlier one has set. */
function asCaddy({ paths, headers }, number) {
  const fields = Object.entries(headers).map(([name, value]) => `\t${name} "${value}"`);
  return [`@files${number} path ${paths.join(" ")}`, `header @files${number} {`, ...fields, "}", ""].join("\n");
}
