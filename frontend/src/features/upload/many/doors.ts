import type { QueryClient } from "@tanstack/react-query";
import { api, ensureSession, unwrap, type JobStatus } from "@/api/client";
import { isOver } from "@/api/jobStates";
import { limitsQuery } from "@/api/limits";
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

/** Active songs are among the newest: the service lets in a few at a time. */
const NEWEST = 100;

/** cache: of the page, which asks for the limits once. */
export const serviceDoors = (cache: QueryClient): QueueDoors => ({
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
      cache.fetchQuery(limitsQuery),
      unwrap(api.GET("/api/v1/jobs", { params: { query: { limit: NEWEST } } })),
    ]);
    return max_active_jobs - jobs.filter(({ status }) => !isOver(status)).length;
  },
  maxBytes: async () => (await cache.fetchQuery(limitsQuery)).max_file_size_bytes,
});
