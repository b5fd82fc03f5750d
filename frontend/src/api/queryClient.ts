import { QueryClient } from "@tanstack/react-query";
import { ApiProblem } from "./problem";

/** The cache of everything that the service has said. */
export function newQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // What the service has refused once it refuses again.
        retry: (count, error) => error instanceof ApiProblem && error.isPassing && count < 2,
        staleTime: 1000,
        // The browser may think it is offline while the service runs on this very machine.
        networkMode: "always",
      },
      mutations: { networkMode: "always" },
    },
  });
}
