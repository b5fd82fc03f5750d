import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ApiProblem } from "@/api/problem";
import { jobStatus } from "@/testing/service";
import type { QueueDoors } from "./doors";
import type { Candidate } from "./found";
import type { KeptSong, QueueStore } from "./queueStore";
import { SongQueue } from "./songQueue";

/** A browser that keeps things, for as long as the test lasts. */
class Memory implements QueueStore {
  readonly songs = new Map<string, KeptSong>();
  readonly files = new Map<string, File>();
  load = async () => [...this.songs.values()].sort((a, b) => a.item.id.localeCompare(b.item.id));
  putFile = async (id: string, file: File) => void this.files.set(id, file);
  file = async (id: string) => this.files.get(id) ?? null;
  put = async (songs: readonly KeptSong[]) => songs.forEach((song) => this.songs.set(song.item.id, song));
  remove = async (ids: readonly string[]) => ids.forEach((id) => this.songs.delete(id));
  dropFiles = async (needed: ReadonlySet<string>) => {
    for (const id of this.files.keys()) if (!needed.has(id)) this.files.delete(id);
  };
}

/** A service that takes so many songs at a time. */
class Service implements QueueDoors {
  readonly sent: string[] = [];
  readonly active = new Map<string, ReturnType<typeof jobStatus>["status"]>();
  refusal: ApiProblem | null = null;
  most = 2;
  send: QueueDoors["send"] = async (item, file) => {
    if (this.refusal) throw this.refusal;
    this.sent.push(`${file.name} ${item.id}`);
    this.active.set(file.name, "predicting");
    return { job_id: file.name, status: "queued" };
  };
  look = async (jobId: string) => jobStatus({ job_id: jobId, status: this.active.get(jobId) ?? "failed", progress: 70 });
  countFree = async () => this.most - [...this.active.values()].filter((status) => status === "predicting").length;
  maxBytes = async () => 1000;
}

const songs = (...names: string[]): Candidate[] =>
  names.map((name) => ({ name, sizeBytes: 4, file: new File(["fLaC"], name), entry: null }));
const phases = (queue: SongQueue) => queue.snapshot().items.map(({ phase }) => phase.name);
const pass = (milliseconds = 2500) => vi.advanceTimersByTimeAsync(milliseconds);

let service: Service;
let store: Memory;
let queue: SongQueue;
const begin = () => {
  const made = new SongQueue(service, store, () => undefined);
  made.start();
  return made;
};

beforeEach(() => {
  vi.useFakeTimers();
  service = new Service();
  store = new Memory();
  queue = begin();
});
afterEach(() => {
  queue.stop();
  vi.useRealTimers();
});

test("queue_of_five_sends_no_more_than_the_service_takes_and_then_the_rest", async () => {
  queue.add(songs("1", "2", "3", "4", "5"), {});
  await pass(6000);
  expect(phases(queue)).toEqual(["working", "working", "waiting", "waiting", "waiting"]);
  service.active.set("1", "completed");
  await pass();
  expect(phases(queue).slice(0, 3)).toEqual(["done", "working", "working"]);
  for (const one of ["2", "3"]) service.active.set(one, "completed");
  await pass(6000);
  for (const one of ["4", "5"]) service.active.set(one, "completed");
  await pass();
  expect(phases(queue)).toEqual(Array(5).fill("done"));
  expect(service.sent.map((one) => one[0])).toEqual(["1", "2", "3", "4", "5"]);
});

test("queue_goes_on_after_a_reload_and_sends_nothing_twice", async () => {
  queue.add(songs("1", "2", "3"), { form: "chart" });
  await pass(6000);
  queue.stop();
  queue = begin();
  await pass();
  expect(phases(queue)).toEqual(["working", "working", "waiting"]);
  for (const one of ["1", "2"]) service.active.set(one, "completed");
  await pass(6000);
  expect(phases(queue)).toEqual(["done", "done", "working"]);
  expect(service.sent).toHaveLength(3);
  expect(queue.snapshot().items[2]?.options).toEqual({ form: "chart" });
});

test("queue_of_a_browser_that_keeps_nothing_says_so_and_works", async () => {
  store.putFile = async () => {
    throw new DOMException("No room", "QuotaExceededError");
  };
  queue.add(songs("1", "2", "3"), {});
  await pass(6000);
  expect(queue.snapshot().items.map(({ isKept }) => isKept)).toEqual([false, false, false]);
  expect(phases(queue)).toEqual(["working", "working", "waiting"]);
  expect(store.songs.size).toBe(0);
});

test("song_that_is_refused_says_why_and_the_others_go_on", async () => {
  service.refusal = new ApiProblem({ code: "not_audio", status: 415, detail: "A cake." });
  queue.add(songs("1"), {});
  await pass();
  service.refusal = null;
  queue.add(songs("2"), {});
  await pass();
  const [first, second] = queue.snapshot().items;
  expect(first?.phase).toMatchObject({ name: "failed", reason: expect.stringContaining("A cake.") as string });
  expect(second?.phase.name).toBe("working");
  queue.retry(first!.id);
  await pass();
  expect(phases(queue)).toEqual(["working", "working"]);
});

test("queue_without_a_service_waits_and_goes_on_by_itself", async () => {
  service.refusal = new ApiProblem({ code: "offline", status: 0, detail: "" });
  queue.add(songs("1"), {});
  await pass();
  expect(queue.snapshot().hold).toEqual({ name: "offline" });
  expect(phases(queue)).toEqual(["waiting"]);
  service.refusal = null;
  await pass(8000);
  expect(queue.snapshot().hold).toBeNull();
  expect(phases(queue)).toEqual(["working"]);
});

test("full_service_holds_all_songs_until_somebody_says_go_on", async () => {
  service.refusal = new ApiProblem({ code: "storage_full", status: 507, detail: "Full." });
  queue.add(songs("1", "2"), {});
  await pass(20_000);
  expect(queue.snapshot().hold?.name).toBe("refused");
  expect(phases(queue)).toEqual(["waiting", "waiting"]);
  service.refusal = null;
  queue.goOn();
  await pass(6000);
  expect(phases(queue)).toEqual(["working", "working"]);
});

test("song_taken_out_is_not_sent_and_its_file_is_dropped", async () => {
  service.most = 0;
  queue.add(songs("1"), {});
  await pass();
  expect(store.files.size).toBe(1);
  queue.remove([queue.snapshot().items[0]!.id]);
  service.most = 2;
  await pass();
  expect(service.sent).toEqual([]);
  expect([store.files.size, store.songs.size]).toEqual([0, 0]);
});
