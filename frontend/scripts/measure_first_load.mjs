// Says how much each page loads before it can be used, gzipped; fails over the budget.
import { readFile, readdir } from "node:fs/promises";
import path from "node:path";
import { gzipSync } from "node:zlib";

const BUDGET_BYTES = 200_000;
const out = path.resolve(import.meta.dirname, "..", "out");
const ASSET = /(?:src|href)="(\/_next\/[^"]+\.(?:js|css))"/g;

const pages = (await readdir(out, { recursive: true })).filter((name) => name.endsWith("index.html"));
for (const page of pages.sort()) {
  const html = await readFile(path.join(out, page), "utf8");
  // Browsers that know modules do not fetch the polyfills.
  const modern = html.replace(/<script[^>]*nomodule[^>]*><\/script>/gi, "");
  const assets = new Set([...modern.matchAll(ASSET)].map(([, address]) => address));
  let bytes = gzipSync(html).length;
  for (const asset of assets) bytes += gzipSync(await readFile(path.join(out, asset))).length;
  console.log(`${page}: ${Math.round(bytes / 1000)} kB gzipped in ${assets.size} files`);
  if (bytes > BUDGET_BYTES) {
    console.error(`${page} is over its budget of ${BUDGET_BYTES / 1000} kB.`);
    process.exitCode = 1;
  }
}
