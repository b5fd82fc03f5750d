import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { beforeEach, expect, test, vi } from "vitest";
import type { Refinement } from "@/api/jobStates";
import { renderView } from "@/testing/render";
import { server } from "@/testing/server";
import { address, idle, JOB_ID, jobResult, jobStatus, problem, REFINEMENT } from "@/testing/service";
import "@/words/song";
import "@/words/workspace";
import { RefiningNotice } from "./RefiningNotice";
import type { Edits } from "./useRefined";

const refinement = (said: Partial<Refinement> = {}): Refinement => ({ ...REFINEMENT, ...said });

const DONE = refinement({ status: "completed", progress: 100, added: 14, removed: 3, version: 2, can_undo: true });

const edits = (said: Partial<Edits> = {}): Edits => ({
  version: 2,
  takeHeardAnew: vi.fn(async () => undefined),
  settle: async () => true,
  takeResult: vi.fn(),
  tag: () => '"v2"',
  ...said,
});

beforeEach(() => {
  localStorage.clear();
  server.use(...idle);
});

test("progress_is_shown_quietly_and_stopping_answers_at_once", async () => {
  const stopped = vi.fn();
  server.use(
    http.delete(address("/api/v1/jobs/{job_id}/refinement"), () => {
      stopped();
      return HttpResponse.json(jobStatus({ status: "completed" }));
    }),
  );
  renderView(<RefiningNotice jobId={JOB_ID} refinement={refinement()} edits={edits()} />);
  expect(screen.getByRole("progressbar", { name: "Listening again" })).toHaveAttribute("aria-valuenow", "31");
  expect(screen.getByText(/31 %, about 2 minutes/)).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Stop" }));
  await waitFor(() => expect(stopped).toHaveBeenCalled());
});

test("what_was_heard_is_taken_over_once_it_is_there", async () => {
  const page = edits({ version: 1 });
  renderView(<RefiningNotice jobId={JOB_ID} refinement={DONE} edits={page} />);
  await waitFor(() => expect(page.takeHeardAnew).toHaveBeenCalledTimes(1));
  // Not before the page has it.
  expect(screen.queryByRole("button", { name: "Undo" })).toBeNull();
});

test("page_says_what_changed_and_one_undo_takes_it_back", async () => {
  const back = jobResult({ version: 3 });
  let tag: string | null = null;
  server.use(
    http.post(address("/api/v1/jobs/{job_id}/refinement/undo"), ({ request }) => {
      tag = request.headers.get("if-match");
      return HttpResponse.json(back);
    }),
  );
  const page = edits();
  renderView(<RefiningNotice jobId={JOB_ID} refinement={DONE} edits={page} />);
  expect(screen.getByText("Listened again with the drums alone: +14 / −3 notes")).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Undo" }));
  expect(await screen.findByText("The score is as it was before.")).toBeVisible();
  expect(page.takeResult).toHaveBeenCalledWith(back);
  expect(tag).toBe('"v2"');
});

test("notice_that_was_closed_stays_closed_and_undo_is_gone_after_an_edit", async () => {
  const view = renderView(<RefiningNotice jobId={JOB_ID} refinement={{ ...DONE, can_undo: false }} edits={edits({ version: 3 })} />);
  expect(screen.queryByRole("button", { name: "Undo" })).toBeNull();
  await userEvent.click(screen.getByRole("button", { name: "Close" }));
  expect(screen.queryByText(/Listened again/)).toBeNull();
  view.unmount();
  renderView(<RefiningNotice jobId={JOB_ID} refinement={DONE} edits={edits()} />);
  expect(screen.queryByText(/Listened again/)).toBeNull();
});

test("failure_says_why_and_that_the_song_is_as_it_was", async () => {
  const keys: (string | null)[] = [];
  server.use(
    http.post(address("/api/v1/jobs/{job_id}/refinement"), ({ request }) => {
      keys.push(request.headers.get("idempotency-key"));
      return problem(503, "model_unavailable", "The separation model is not here.");
    }),
  );
  const failed = refinement({ status: "failed", error: { code: "model_unavailable", message: "The line broke." } });
  renderView(<RefiningNotice jobId={JOB_ID} refinement={failed} edits={edits()} />);
  expect(screen.getByText(/The line broke\. The song is as it was\./)).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByText(/The separation model is not here\./)).toBeVisible();
  expect(keys[0]).toBeTruthy();
});
