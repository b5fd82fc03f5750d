/** The keys of the query cache; whoever changes a job writes or invalidates these. */
export const jobKeys = {
  all: ["jobs"] as const,
  list: ["jobs", "list"] as const,
  job: (jobId: string) => ["jobs", jobId] as const,
  result: (jobId: string) => ["jobs", jobId, "result"] as const,
};
