// The example recording is kept once, in examples/; the page gets a copy at build time.
import { cp, mkdir } from "node:fs/promises";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "..", "..");
const target = path.join(root, "frontend", "public", "example");
await mkdir(target, { recursive: true });
await cp(path.join(root, "examples", "funk-rock.flac"), path.join(target, "funk-rock.flac"));
