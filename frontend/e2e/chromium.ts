import { execFileSync } from "node:child_process";
import path from "node:path";

/** The browser of the tests: CHROMIUM_BIN, else the one that the repository's script finds. */
export function chromiumPath(): string {
  if (process.env.CHROMIUM_BIN) return process.env.CHROMIUM_BIN;
  const script = path.resolve(import.meta.dirname, "..", "..", "scripts", "ensure_chromium.sh");
  return execFileSync(script, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] }).trim();
}
