import { queryOptions, useQuery } from "@tanstack/react-query";
import { api, unwrap } from "./client";

/** What the service accepts and can do, how long it keeps songs, and whether a link shares them. */
export const limitsQuery = queryOptions({
  queryKey: ["limits"],
  queryFn: ({ signal }) => unwrap(api.GET("/api/v1/limits", { signal })),
  staleTime: Infinity,
});

export const useLimits = () => useQuery(limitsQuery);
