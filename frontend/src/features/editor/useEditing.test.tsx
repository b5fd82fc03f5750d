import { QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook, waitFor } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { beforeEach, expect, test } from "vitest";
import { api, type Hit, type JobResult } from "@/api/client";
import { newQueryClient } from "@/api/queryClient";
import { server } from "@/testing/server";
import { address, JOB_ID, jobResult, problem } from "@/testing/service";
import { keepDraft, readDraft } from "@/api/draft";
import { plain } from "@/music/strokes";
import { useEditing } from "./useEditing";

const hit = (time: number): Hit => ({
  id: Math.round(time * 1e6), time, instrument: "snare", velocity: 0.8, confidence: 1, articulation: null,
});
const times = (hits: readonly Hit[] | undefined) => hits?.map((one) => one.time);

function closedGate() {
  let open = () => {};
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open: () => open() };
}

/** A service with one score, which answers an edit when the test lets it. */
function scoreService(start: readonly Hit[], version = 1) {
  const service = {
    hits: [...start],
    version,
    /** What it was asked and what it did, in order. */
    seen: [] as string[],
    answers: Promise.resolve(),
    losesAnswers: false,
  };
  const result = (): JobResult => jobResult({ hits: service.hits, version: service.version });
  server.use(
    http.put(address("/api/v1/jobs/{job_id}/score"), async ({ request }) => {
      const tag = request.headers.get("if-match");
      const { hits } = (await request.json()) as { hits: Hit[] };
      service.seen.push(`PUT ${tag ?? "*"} ${times(hits)?.join()}`);
      await service.answers;
      if (tag !== null && tag !== `"v${service.version}"`) {
        return problem(412, "edit_conflict", "The score was edited meanwhile.");
      }
      Object.assign(service, { hits, version: service.version + 1 });
      service.seen.push("saved");
      return service.losesAnswers ? HttpResponse.error() : HttpResponse.json(result());
    }),
    http.patch(address("/api/v1/jobs/{job_id}"), async ({ request }) => {
      const tag = request.headers.get("if-match") ?? "*";
      const { time_signature: metre } = (await request.json()) as { time_signature: string };
      service.seen.push(`PATCH ${tag} ${metre}`);
      await service.answers;
      if (tag !== `"v${service.version}"`) return problem(412, "edit_conflict", "The score was edited meanwhile.");
      service.version += 1;
      service.seen.push("saved");
      return HttpResponse.json(result());
    }),
    http.post(address("/api/v1/jobs/{job_id}/score/revert"), () => {
      service.seen.push("revert");
      Object.assign(service, { hits: [...start], version: service.version + 1 });
      return HttpResponse.json(result());
    }),
    http.get(address("/api/v1/jobs/{job_id}/result"), () => HttpResponse.json(result())),
  );
  return { service, result };
}

function open(result: JobResult) {
  const client = newQueryClient();
  return renderHook(() => useEditing(JOB_ID, result, null), {
    wrapper: ({ children }) => <QueryClientProvider client={client}>{children}</QueryClientProvider>,
  });
}
type Opened = ReturnType<typeof open>["result"];

/** What was asked before it has come to the service after it. */
const roundTrip = () => api.GET("/api/v1/jobs/{job_id}/result", { params: { path: { job_id: JOB_ID } } });

const add = (opened: Opened, time: number) =>
  act(() => opened.current.dispatch({ kind: "add", hit: hit(time) }));

/** A page of one stroke, whose service answers nothing until the gate is open. */
function openHeld() {
  const { service, result } = scoreService([hit(1)]);
  const gate = closedGate();
  service.answers = gate.passed;
  const { result: opened, unmount } = open(result());
  return { service, gate, opened, unmount };
}

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
});

test("edit_after_a_moment_is_saved", async () => {
  const { service, result } = scoreService([hit(1)]);
  const { result: opened } = open(result());
  add(opened, 2);
  expect(times(readDraft(JOB_ID)?.hits)).toEqual([1, 2]);
  await waitFor(() => expect(opened.current.isDirty).toBe(false), { timeout: 10_000 });
  expect(service.seen).toEqual(['PUT "v1" 1,2', "saved"]);
  expect(readDraft(JOB_ID)).toBeNull();
});

test("edit_made_while_saving_outlives_a_page_that_is_left", async () => {
  const { service, gate, opened, unmount } = openHeld();
  add(opened, 2);
  await waitFor(() => expect(service.seen).toHaveLength(1), { timeout: 10_000 });
  add(opened, 3);
  unmount();
  gate.open();
  await waitFor(() => expect(readDraft(JOB_ID)?.version).toBe(2));
  expect(times(readDraft(JOB_ID)?.hits)).toEqual([1, 2, 3]);
});

test("page_that_is_left_before_the_edit_was_sent_sends_it", async () => {
  const { service, result } = scoreService([hit(1)]);
  const { result: opened, unmount } = open(result());
  add(opened, 2);
  unmount();
  await waitFor(() => expect(times(service.hits)).toEqual([1, 2]));
});

test("edit_whose_answer_was_lost_is_no_conflict_when_sent_again", async () => {
  const { service, result } = scoreService([hit(1)]);
  service.losesAnswers = true;
  const { result: opened } = open(result());
  add(opened, 2);
  await waitFor(() => expect(opened.current.save.kind).toBe("offline"), { timeout: 10_000 });
  service.losesAnswers = false;
  act(() => void opened.current.tryAgain());
  await waitFor(() => expect(opened.current.isDirty).toBe(false));
  expect(opened.current.save.kind).toBe("saved");
  expect(service.version).toBe(2);
});

test("draft_from_before_another_edit_is_asked_about_and_not_lost", async () => {
  const { service, result } = scoreService([hit(1), hit(9)], 2);
  keepDraft(JOB_ID, { version: 1, hits: [hit(1), hit(2)], base: [hit(1)] });
  const { result: opened } = open(result());
  expect(opened.current.save.kind).toBe("conflict");
  expect(times(plain(opened.current.edit.hits))).toEqual([1, 2]);
  act(() => void opened.current.keepMine());
  await waitFor(() => expect(opened.current.isDirty).toBe(false));
  expect(service.seen).toEqual(["PUT * 1,2", "saved"]);
});

test("revert_waits_for_what_is_being_saved", async () => {
  const { service, gate, opened } = openHeld();
  add(opened, 2);
  await waitFor(() => expect(service.seen).toHaveLength(1), { timeout: 10_000 });
  act(() => void opened.current.revert());
  await roundTrip();
  gate.open();
  await waitFor(() => expect(times(plain(opened.current.edit.hits))).toEqual([1]));
  expect(service.seen).toEqual(['PUT "v1" 1,2', "saved", "revert"]);
  expect([opened.current.isDirty, opened.current.save.kind]).toEqual([false, "saved"]);
});

test("revert_waits_for_the_metre_that_is_being_written", async () => {
  const { service, gate, opened } = openHeld();
  act(() => opened.current.change({ time_signature: "3/4" }));
  await waitFor(() => expect(service.seen).toHaveLength(1));
  act(() => void opened.current.revert());
  await roundTrip();
  gate.open();
  await waitFor(() => expect(opened.current.version).toBe(3));
  expect(service.seen).toEqual(['PATCH "v1" 3/4', "saved", "revert"]);
});

test("settling_sends_what_was_edited_while_an_edit_was_on_its_way_and_the_metre_after_it", async () => {
  const { service, gate, opened } = openHeld();
  add(opened, 2);
  await waitFor(() => expect(service.seen).toHaveLength(1), { timeout: 10_000 });
  add(opened, 3);
  act(() => opened.current.change({ time_signature: "3/4" }));
  let isSettled: boolean | null = null;
  act(() => void opened.current.settle().then((is) => (isSettled = is)));
  gate.open();
  await waitFor(() => expect(isSettled).toBe(true));
  expect(service.seen).toEqual(['PUT "v1" 1,2', "saved", 'PUT "v2" 1,2,3', "saved", 'PATCH "v3" 3/4', "saved"]);
  await waitFor(() => expect([opened.current.isDirty, opened.current.save.kind]).toEqual([false, "saved"]));
});
