import { QueryClientProvider } from "@tanstack/react-query";
import { renderHook, waitFor } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { afterEach, expect, test, vi } from "vitest";
import { newQueryClient } from "@/api/queryClient";
import { server } from "@/testing/server";
import { address, JOB_ID, jobResult } from "@/testing/service";
import { useDrawnPage } from "./useDrawnPage";

afterEach(() => void vi.useRealTimers());

test("pages_from_before_an_edit_do_not_pile_up", async () => {
  vi.stubGlobal("matchMedia", () => ({
    matches: false, addEventListener: () => undefined, removeEventListener: () => undefined,
  }));
  const map = { schema_version: 1, duration_seconds: 20, measures: [], notes: [], merged: [] };
  server.use(
    http.get(address("/api/v1/jobs/{job_id}/download/{format}"), ({ params }) =>
      params.format === "timemap" ? HttpResponse.json(map) : HttpResponse.text("<svg/>"),
    ),
  );
  const client = newQueryClient();
  const kept = (version: number) =>
    client.getQueryCache().findAll({ queryKey: ["jobs", JOB_ID, "page", version] }).length;
  const { result, rerender } = renderHook(({ version }) => useDrawnPage(JOB_ID, jobResult({ version })), {
    initialProps: { version: 1 },
    wrapper: ({ children }) => <QueryClientProvider client={client}>{children}</QueryClientProvider>,
  });
  await waitFor(() => expect(result.current.data?.svg).toBe("<svg/>"));
  vi.useFakeTimers();
  rerender({ version: 2 });
  // The page before stays on the stand while the next one is written.
  expect(result.current.data?.svg).toBe("<svg/>");
  vi.advanceTimersByTime(15_000);
  expect([kept(1), kept(2)]).toEqual([0, 1]);
});
