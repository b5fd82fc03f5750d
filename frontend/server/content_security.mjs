// The same policy as the service's (backend api/content_security.py): scripts that stand in a page
// are allowed by their hash, everything comes from the page's own origin.
import { createHash } from "node:crypto";

const INLINE_SCRIPT = /<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g;

/** Headers that every page carries. */
export const PAGE_HEADERS = {
  "Referrer-Policy": "same-origin",
  "X-Frame-Options": "DENY",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Permissions-Policy":
    "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), " +
    "microphone=(), midi=(), payment=(), usb=()",
};

/** `'sha256-...'` of every script that stands in the page itself, each once, in order. */
export function inlineScriptHashes(html) {
  const found = [...html.matchAll(INLINE_SCRIPT)].map(([, script]) => script);
  const digests = found.map(
    (script) => `'sha256-${createHash("sha256").update(script).digest("base64")}'`,
  );
  return [...new Set(digests)];
}

/** The page's service worker, which asks for what the page asks for. */
export const WORKER_FILE = "/offline-songs.js";

export const workerPolicy = ({ stores = [] } = {}) =>
  `default-src 'none'; connect-src 'self'${stores.map((origin) => ` ${origin}`).join("")}`;

/** stores: origins of a file store that downloads are redirected to. */
export function pagePolicy(html, { stores = [] } = {}) {
  const others = stores.map((origin) => ` ${origin}`).join("");
  return [
    "default-src 'self'",
    // The player's time stretcher is WebAssembly.
    ["script-src 'self' 'wasm-unsafe-eval'", ...inlineScriptHashes(html)].join(" "),
    "style-src 'self'",
    "style-src-attr 'unsafe-inline'",
    `img-src 'self' data: blob:${others}`,
    "font-src 'self' data:",
    `media-src 'self' blob:${others}`,
    `connect-src 'self'${others}`,
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}
