import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

export const ROOT = path.resolve(import.meta.dirname, "..", "..");
export const EXAMPLE_SONG = path.join(ROOT, "examples", "funk-rock.flac");
const PROGRAM = process.env.DRUMSCRIBE_BIN ?? path.join(ROOT, ".venv", "bin", "drumscribe");
const START_SECONDS = 120;

/** The real service, with a data folder of its own that is thrown away with it. */
export class Service {
  private child: ChildProcess | undefined;
  private said = "";

  private constructor(
    readonly port: number,
    readonly dataDir: string,
    private readonly settings: Readonly<Record<string, string>>,
  ) {}

  static async start(settings: Readonly<Record<string, string>> = {}): Promise<Service> {
    const dataDir = await mkdtemp(path.join(tmpdir(), "drumscribe-e2e-"));
    // A copy, so that the page under test stays the same if somebody builds meanwhile.
    await cp(path.join(ROOT, "frontend", "out"), path.join(dataDir, "web"), { recursive: true });
    const service = new Service(await freePort(), dataDir, settings);
    await service.resume();
    return service;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts the process; after `halt` with the same data. */
  async resume(): Promise<void> {
    const child = spawn(PROGRAM, ["serve", "--port", String(this.port), "--data-dir", this.dataDir], {
      cwd: this.dataDir,
      env: {
        ...process.env,
        DRUMSCRIBE_OFFLINE: "true",
        // What the developer has downloaded must not matter: a separator takes minutes for each song.
        MODEL_CACHE_DIR: path.join(this.dataDir, "models"),
        OMP_NUM_THREADS: "1",
        RATE_LIMIT_PER_MINUTE: "0",
        CREATE_LIMIT_PER_MINUTE: "0",
        WEB_ROOT: path.join(this.dataDir, "web"),
        ...this.settings,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (chunk: Buffer) => (this.said += chunk.toString()));
    }
    const deadline = Date.now() + START_SECONDS * 1000;
    while (!(await this.isReady())) {
      if (child.exitCode !== null || Date.now() > deadline) {
        throw new Error(`The service did not start:\n${this.said}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  /** Ends the process and keeps its data. */
  async halt(): Promise<void> {
    const child = this.child;
    this.child = undefined;
    if (!child || child.exitCode !== null) return;
    const gone = once(child, "exit");
    child.kill("SIGTERM");
    const timer = setTimeout(() => child.kill("SIGKILL"), 30_000);
    await gone;
    clearTimeout(timer);
  }

  async stop(): Promise<void> {
    await this.halt();
    await rm(this.dataDir, { recursive: true, force: true });
  }

  private async isReady(): Promise<boolean> {
    try {
      return (await fetch(`${this.url}/readyz`)).ok;
    } catch {
      return false;
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("No port.");
  return address.port;
}
