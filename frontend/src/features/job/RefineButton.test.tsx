import { QueryClientProvider } from "@tanstack/react-query";
import { act, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { expect, test } from "vitest";
import { jobKeys } from "@/api/keys";
import { newQueryClient } from "@/api/queryClient";
import { server } from "@/testing/server";
import { address, idle, JOB_ID, jobStatus, REFINEMENT } from "@/testing/service";
import { WordsProvider } from "@/words/WordsProvider";
import "@/words/song";
import { useJob } from "./queries";
import { RefineButton } from "./RefineButton";

function View() {
  const { data } = useJob(JOB_ID);
  return data ? <RefineButton job={data} /> : null;
}

test("answer_from_before_the_start_does_not_take_its_place", async () => {
  let letThrough = () => {};
  const held = new Promise<void>((resolve) => (letThrough = resolve));
  let asked = 0;
  let job = jobStatus({ status: "completed" });
  server.use(
    ...idle,
    http.get(address("/api/v1/jobs/{job_id}"), async () => {
      asked += 1;
      const answer = job;
      if (asked === 2) await held;
      return HttpResponse.json(answer);
    }),
    http.post(address("/api/v1/jobs/{job_id}/refinement"), () => {
      job = { ...job, refinement: REFINEMENT };
      return HttpResponse.json(job);
    }),
  );
  const client = newQueryClient();
  render(
    <QueryClientProvider client={client}>
      <WordsProvider>
        <View />
      </WordsProvider>
    </QueryClientProvider>,
  );
  const button = await screen.findByRole("button", { name: "Listen again with the drums alone" });
  act(() => void client.invalidateQueries({ queryKey: jobKeys.job(JOB_ID), exact: true }));
  await waitFor(() => expect(asked).toBe(2));
  await userEvent.click(button);
  const running = await screen.findByText(/^Being listened to/);
  letThrough();
  await waitFor(() => expect(client.isFetching({ queryKey: jobKeys.job(JOB_ID), exact: true })).toBe(0));
  expect(running).toBeVisible();
});
