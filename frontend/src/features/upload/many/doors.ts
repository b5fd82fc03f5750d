import { api, ensureSession, unwrap, type JobStatus } from "@/api/client";
import { sendSong, type JobAccepted } from "../sendSong";
import type { QueueItem } from "./queueItem";

/** What the queue asks of the service. */
export interface QueueDoors {
  /** Hands one song in. Throws ApiProblem, or an AbortError if the signal says so. */
  send(
    item: QueueItem, file: File, onProgress: (fraction: number) => void, signal: AbortSignal,
  ): Promise<JobAccepted>;
  look(jobId: string): Promise<JobStatus>;
  /** How many more songs of this owner are let in now. */
  countFree(): Promise<number>;
  maxBytes(): Promise<number>;
}

const ENDED: ReadonlySet<string> = new Set(["completed", "failed", "cancelled"]);

/** Active songs are among the newest: the service lets in a few at a time. */
const NEWEST = 100;

const limits = () => unwrap(api.GET("/api/v1/limits"));

export const serviceDoors: QueueDoors = {
  send: (item, file, onProgress, signal) =>
    sendSong({
      song: { kind: "file", file },
      options: item.options,
      idempotencyKey: item.id,
      onProgress,
      signal,
    }),
  look: (jobId) => unwrap(api.GET("/api/v1/jobs/{job_id}", { params: { path: { job_id: jobId } } })),
  countFree: async () => {
    await ensureSession();
    const [{ max_active_jobs }, { jobs }] = await Promise.all([
      limits(),
      unwrap(api.GET("/api/v1/jobs", { params: { query: { limit: NEWEST } } })),
    ]);
    return max_active_jobs - jobs.filter(({ status }) => !ENDED.has(status)).length;
  },
  maxBytes: async () => (await limits()).max_file_size_bytes,
};
