import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { ROOT } from "./service";

const PYTHON = path.join(ROOT, ".venv", "bin", "python");
const SUPPORT = path.join(ROOT, "backend", "tests", "support");

/** Every Python process that starts beside it knows another network by the name of the separation model. */
const SITE = `
import dataclasses, hashlib, os, pathlib
import drumscribe.models.known_models as known
model = pathlib.Path(os.environ["STAND_IN_MODEL"])
known.HTDEMUCS = dataclasses.replace(
    known.HTDEMUCS, sha256=hashlib.sha256(model.read_bytes()).hexdigest(), size_bytes=model.stat().st_size,
    uri=os.environ.get("STAND_IN_URI", model.as_uri())
)
# Where something may be fetched at all, nothing else is to be.
known.MODEL_GROUPS["beats"] = tuple(dataclasses.replace(spec, uri="file:///nowhere") for spec in known.BEATNET)
`;

/**
 * Settings of a service that can take the drums out of a mix once it has fetched what does so: the small stand-in
 * network of the backend's tests, whose drums are all that it is given. (The real one takes minutes for each song.)
 * Half of it comes, and the rest when it is told to go on.
 */
export async function fetchedSeparator(): Promise<{ settings: Record<string, string>; goOn: () => void; close: () => void }> {
  const { model, settings } = await standIn();
  const content = await readFile(model);
  let goOn = () => {};
  const isLetOn = new Promise<void>((resolve) => (goOn = resolve));
  const origin = createServer((_, answer) => {
    answer.writeHead(200, { "content-length": content.length });
    answer.write(content.subarray(0, content.length / 2));
    void isLetOn.then(() => answer.end(content.subarray(content.length / 2)));
  });
  origin.listen(0, "127.0.0.1");
  await once(origin, "listening");
  const { port } = origin.address() as AddressInfo;
  const uri = `http://127.0.0.1:${port}/htdemucs.onnx`;
  return { settings: { ...settings, STAND_IN_URI: uri, DRUMSCRIBE_OFFLINE: "false" }, goOn, close: () => void origin.close() };
}

/** The network in a folder of its own, and settings by which services take it for the separation model. */
async function standIn(): Promise<{ model: string; settings: Record<string, string> }> {
  const folder = await mkdtemp(path.join(tmpdir(), "drumscribe-separator-"));
  const model = path.join(folder, "htdemucs.onnx");
  await writeFile(path.join(folder, "sitecustomize.py"), SITE);
  const write = "import pathlib, sys, tiny_onnx; tiny_onnx.write_stand_in(pathlib.Path(sys.argv[1]))";
  await promisify(execFile)(PYTHON, ["-c", write, model], { env: { ...process.env, PYTHONPATH: SUPPORT } });
  return { model, settings: { STAND_IN_MODEL: model, PYTHONPATH: folder } };
}
