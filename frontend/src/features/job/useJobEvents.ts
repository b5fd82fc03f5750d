import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { API_PREFIX, type JobStatus } from "@/api/client";
import { isOver, isRefining, type Refinement } from "@/api/jobStates";
import { jobKeys } from "@/api/keys";

type Said = Partial<Pick<JobStatus, "status" | "progress" | "step" | "queue_position" | "eta_seconds">>;

/** What goes on: the song is heard for the first time, or a finished one is heard again. */
type UnderWay = "hearing" | "refining";

/**
 * Follows a job's events while something goes on and writes what they say into the cache.
 *
 * True while the line is open; while it is not, the caller polls. The browser comes back by itself
 * and says which event it had last.
 */
export function useJobEvents(jobId: string, job: JobStatus | undefined): boolean {
  const cache = useQueryClient();
  const [isOpen, setIsOpen] = useState(false);
  const underWay = underWayIn(job);
  useEffect(() => {
    if (underWay === null || typeof EventSource === "undefined") return;
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
    const takeRefinement = (event: MessageEvent<string>) => {
      const refinement = readRefinement(event.data);
      if (!refinement) return;
      if (isOver(refinement.status)) {
        // The whole job is needed now: its version, downloads that came.
        reload();
        return;
      }
      cache.setQueryData<JobStatus>(jobKeys.job(jobId), (known) => known && { ...known, refinement });
    };
    source.onopen = () => setIsOpen(true);
    source.onerror = () => setIsOpen(false);
    if (underWay === "hearing") {
      source.addEventListener("status", take);
      source.addEventListener("progress", take);
      source.addEventListener("warning", reload);
    } else {
      // The line begins with the story of how the song was heard first, which is over.
      source.addEventListener("refinement", takeRefinement);
    }
    source.addEventListener("end", () => {
      source.close();
      setIsOpen(false);
      reload();
    });
    return () => {
      source.close();
      setIsOpen(false);
    };
  }, [cache, jobId, underWay]);
  return isOpen;
}

function underWayIn(job: JobStatus | undefined): UnderWay | null {
  if (!job) return null;
  if (!isOver(job.status)) return "hearing";
  return isRefining(job.refinement) ? "refining" : null;
}

/** What an event says about the job; null if it cannot be read. */
export function readEvent(data: string): Said | null {
  const said = readObject<Said>(data);
  if (!said) return null;
  return {
    ...(said.status === undefined ? {} : { status: said.status }),
    ...(said.progress === undefined ? {} : { progress: said.progress }),
    ...(said.step === undefined ? {} : { step: said.step }),
    ...(said.queue_position === undefined ? {} : { queue_position: said.queue_position }),
    ...(said.eta_seconds === undefined ? {} : { eta_seconds: said.eta_seconds }),
  };
}

/** What an event says about hearing a song again, which is all that the job says of it. */
function readRefinement(data: string): Refinement | null {
  const said = readObject<Refinement>(data);
  return said && typeof said.status === "string" ? said : null;
}

/** An object in JSON, taken for what the service is known to send; null if it is none. */
function readObject<T extends object>(data: string): T | null {
  try {
    const body: unknown = JSON.parse(data);
    return typeof body === "object" && body !== null ? (body as T) : null;
  } catch {
    return null;
  }
}
