import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { API_PREFIX, type JobStatus } from "@/api/client";
import { jobKeys } from "@/api/keys";

type Said = Partial<Pick<JobStatus, "status" | "progress" | "step" | "queue_position" | "eta_seconds">>;

/**
 * Follows a job's events and writes what they say into the cache.
 *
 * True while the line is open; while it is not, the caller polls. The browser comes back by itself
 * and says which event it had last.
 */
export function useJobEvents(jobId: string, { enabled }: { enabled: boolean }): boolean {
  const cache = useQueryClient();
  const [isOpen, setIsOpen] = useState(false);
  useEffect(() => {
    if (!enabled || typeof EventSource === "undefined") return;
    const source = new EventSource(`${API_PREFIX}/jobs/${encodeURIComponent(jobId)}/events`);
    const reload = () => void cache.invalidateQueries({ queryKey: jobKeys.job(jobId), exact: true });
    const take = (event: MessageEvent<string>) => {
      const said = readEvent(event.data);
      if (!said) return;
      if (said.status === "completed" || said.status === "failed" || said.status === "cancelled") {
        // The whole job is needed now: result, reason, downloads.
        reload();
        return;
      }
      cache.setQueryData<JobStatus>(jobKeys.job(jobId), (job) => job && { ...job, ...said });
    };
    source.onopen = () => setIsOpen(true);
    source.onerror = () => setIsOpen(false);
    source.addEventListener("status", take);
    source.addEventListener("progress", take);
    source.addEventListener("warning", reload);
    source.addEventListener("end", () => {
      source.close();
      setIsOpen(false);
      reload();
    });
    return () => {
      source.close();
      setIsOpen(false);
    };
  }, [cache, enabled, jobId]);
  return isOpen;
}

/** What an event says about the job; null if it cannot be read. */
export function readEvent(data: string): Said | null {
  let body: unknown;
  try {
    body = JSON.parse(data);
  } catch {
    return null;
  }
  if (typeof body !== "object" || body === null) return null;
  const said = body as Said;
  return {
    ...(said.status === undefined ? {} : { status: said.status }),
    ...(said.progress === undefined ? {} : { progress: said.progress }),
    ...(said.step === undefined ? {} : { step: said.step }),
    ...(said.queue_position === undefined ? {} : { queue_position: said.queue_position }),
    ...(said.eta_seconds === undefined ? {} : { eta_seconds: said.eta_seconds }),
  };
}
