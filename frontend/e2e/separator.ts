import { execFile } from "node:child_process";
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
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
model = pathlib.Path(os.environ["MODEL_CACHE_DIR"]) / "htdemucs" / known.HTDEMUCS.version / known.HTDEMUCS.filename
known.HTDEMUCS = dataclasses.replace(
    known.HTDEMUCS, sha256=hashlib.sha256(model.read_bytes()).hexdigest(), size_bytes=model.stat().st_size
)
`;

/**
 * Settings of a service that can take the drums out of a mix: by the small stand-in network of the
 * backend's tests, whose drums are all that it is given. The real one takes minutes for each song.
 */
export async function separatorSettings(): Promise<Record<string, string>> {
  const folder = await mkdtemp(path.join(tmpdir(), "drumscribe-separator-"));
  const model = path.join(folder, "models", "htdemucs", "1.0.0");
  await mkdir(model, { recursive: true });
  await writeFile(path.join(folder, "sitecustomize.py"), SITE);
  const write = "import pathlib, sys, tiny_onnx; tiny_onnx.write_stand_in(pathlib.Path(sys.argv[1]))";
  await promisify(execFile)(PYTHON, ["-c", write, path.join(model, "htdemucs.onnx")], {
    env: { ...process.env, PYTHONPATH: SUPPORT },
  });
  return { MODEL_CACHE_DIR: path.join(folder, "models"), PYTHONPATH: folder };
}
