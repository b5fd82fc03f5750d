// What the page serves but does not own. The example recording is kept once, in examples/.
import { cp, mkdir } from "node:fs/promises";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "..", "..");
const target = path.join(root, "frontend", "public", "example");
await mkdir(target, { recursive: true });
await cp(path.join(root, "examples", "funk-rock.flac"), path.join(target, "funk-rock.flac"));
for (const name of ["wide.svg", "narrow.svg", "timemap.json"]) {
  await cp(path.join(root, "examples", "page", name), path.join(target, name));
}

// The time stretcher runs on the audio thread; a file of our own origin needs no blob there.
const worklets = path.join(root, "frontend", "public", "worklets");
await mkdir(worklets, { recursive: true });
await cp(
  path.join(root, "frontend", "node_modules", "signalsmith-stretch", "SignalsmithStretch.mjs"),
  path.join(worklets, "signalsmith-stretch.mjs"),
);
