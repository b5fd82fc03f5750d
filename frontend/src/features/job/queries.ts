import { useInfiniteQuery, useQuery, type InfiniteData, type QueryClient } from "@tanstack/react-query";
import { api, ensureSession, unwrap, type JobList, type JobStatus } from "@/api/client";
import { isOver, isRefining } from "@/api/jobStates";
import { jobKeys } from "@/api/keys";
import { ApiProblem } from "@/api/problem";

const POLL_MILLISECONDS = 2000;

/** Where a job stands. isLive: events keep it up to date, so there is no need to poll. */
export function useJob(jobId: string, { isLive = false }: { isLive?: boolean } = {}) {
  return useQuery({
    queryKey: jobKeys.job(jobId),
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/v1/jobs/{job_id}", { params: { path: { job_id: jobId } }, signal })),
    refetchInterval: ({ state }) => {
      const { data } = state;
      if (data && isOver(data.status) && !isRefining(data.refinement)) return false;
      if (state.error instanceof ApiProblem && !state.error.isPassing) return false;
      return isLive ? 10 * POLL_MILLISECONDS : POLL_MILLISECONDS;
    },
  });
}

/** What was heard; enabled once the job is completed. */
export function useResult(jobId: string, { enabled = true }: { enabled?: boolean } = {}) {
  return useQuery({
    queryKey: jobKeys.result(jobId),
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/api/v1/jobs/{job_id}/result", { params: { path: { job_id: jobId } }, signal }),
      ),
    enabled,
    staleTime: Infinity,
  });
}

/** What the cache holds of the list of own jobs. */
type JobPages = InfiniteData<JobList, string | null>;

/** Changes the jobs of every page of the list that the cache holds. */
export function changeListed(
  cache: QueryClient, change: (jobs: JobStatus[]) => JobStatus[],
): void {
  cache.setQueryData<JobPages>(
    jobKeys.list,
    (list) =>
      list && { ...list, pages: list.pages.map((page) => ({ ...page, jobs: change(page.jobs) })) },
  );
}

/** Own jobs, newest first, as many pages as were asked for. */
export function useJobs() {
  return useInfiniteQuery({
    queryKey: jobKeys.list,
    queryFn: async ({ pageParam, signal }) => {
      // Without a network the list that was seen last is given out (public/offline-songs.js).
      await ensureSession().catch((error: unknown) => {
        if (!(error instanceof ApiProblem && error.code === "offline")) throw error;
      });
      const query = { limit: 50, cursor: pageParam };
      return unwrap(api.GET("/api/v1/jobs", { params: { query }, signal }));
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: ({ state }) =>
      state.data?.pages.some((page) => page.jobs.some((job) => !isOver(job.status)))
        ? 2 * POLL_MILLISECONDS
        : false,
  });
}
