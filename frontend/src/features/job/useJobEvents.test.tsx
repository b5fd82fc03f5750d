import { screen, waitFor } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { renderView } from "@/testing/render";
import { server } from "@/testing/server";
import { address, idle, JOB_ID, jobResult, jobStatus, REFINEMENT } from "@/testing/service";
import { JobView } from "./JobView";
import type { WorkspaceProps } from "./ResultView";

vi.mock("next/navigation", () => ({
  useRouter: () => ({ push: vi.fn() }),
  useSearchParams: () => new URLSearchParams({ id: JOB_ID }),
}));

/** The browser's, as far as the page sees it; the server's part is played by the test. */
class Line extends EventTarget {
  static opened: Line[] = [];
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  isClosed = false;

  constructor(readonly url: string) {
    super();
    Line.opened.push(this);
  }

  say(kind: string, data: object) {
    this.dispatchEvent(new MessageEvent(kind, { data: JSON.stringify(data) }));
  }

  close() {
    this.isClosed = true;
  }
}

const Workspace = ({ refinement, result }: WorkspaceProps) => (
  <p>
    Workspace of {result.title}
    {refinement ? `, heard again: ${refinement.progress} %, ${refinement.status}` : null}
  </p>
);
let asked = 0;
let job = jobStatus({ status: "predicting", progress: 40 });

beforeEach(() => {
  asked = 0;
  job = jobStatus({ status: "predicting", progress: 40 });
  Line.opened = [];
  vi.stubGlobal("EventSource", Line);
  server.use(
    ...idle,
    http.get(address("/api/v1/jobs/{job_id}"), () => {
      asked += 1;
      return HttpResponse.json(job);
    }),
    http.get(address("/api/v1/jobs/{job_id}/result"), () => HttpResponse.json(jobResult())),
  );
});

afterEach(() => {
  vi.unstubAllGlobals();
});

const theLine = () =>
  waitFor(() => {
    const line = Line.opened[0];
    if (!line) throw new Error("No line was opened.");
    return line;
  });

test("page_whose_stream_is_refused_asks_instead_and_misses_nothing", async () => {
  renderView(<JobView Workspace={Workspace} />);
  const line = await theLine();
  // 429, too many streams: the browser gives up at once and for good.
  line.onerror?.();
  job = jobStatus({ status: "transcribing", progress: 80 });
  expect(await screen.findByText("Writing the page", {}, { timeout: 5000 })).toBeVisible();
  job = jobStatus({ status: "completed", progress: 100 });
  expect(await screen.findByText("Workspace of Rosanna", {}, { timeout: 5000 })).toBeVisible();
  expect(Line.opened).toHaveLength(1);
}, 15_000);

test("page_whose_stream_is_open_is_told_and_hardly_asks", async () => {
  renderView(<JobView Workspace={Workspace} />);
  const line = await theLine();
  line.onopen?.();
  line.say("progress", { status: "transcribing", step: "transcribe_and_export", progress: 81 });
  expect(await screen.findByText("Writing the page")).toBeVisible();
  await new Promise((done) => setTimeout(done, 3000));
  expect(asked).toBe(1);
  job = jobStatus({ status: "completed", progress: 100 });
  line.say("status", { status: "completed", step: "transcribe_and_export", progress: 100 });
  expect(await screen.findByText("Workspace of Rosanna")).toBeVisible();
  expect(line.isClosed).toBe(true);
}, 15_000);

const refined = (said: Partial<typeof REFINEMENT> = {}) =>
  jobStatus({ status: "completed", progress: 100, refinement: { ...REFINEMENT, ...said } });

test("page_of_a_song_that_is_heard_again_is_told_and_hardly_asks", async () => {
  job = refined();
  renderView(<JobView Workspace={Workspace} />);
  const line = await theLine();
  line.onopen?.();
  // The story of the first hearing, which every line begins with, says nothing of the song as it is.
  line.say("status", { status: "predicting", step: "predict_hits", progress: 40 });
  line.say("refinement", { ...REFINEMENT, progress: 57 });
  expect(await screen.findByText(/Workspace of Rosanna, heard again: 57 %/)).toBeVisible();
  await new Promise((done) => setTimeout(done, 3000));
  expect(asked).toBe(1);
  job = refined({ status: "completed", progress: 100, version: 2 });
  line.say("refinement", job.refinement!);
  expect(await screen.findByText(/heard again: 100 %, completed/)).toBeVisible();
  expect(line.isClosed).toBe(true);
}, 15_000);

test("page_of_a_song_that_is_heard_again_asks_where_the_stream_is_refused", async () => {
  job = refined();
  renderView(<JobView Workspace={Workspace} />);
  const line = await theLine();
  line.onerror?.();
  job = refined({ progress: 80 });
  expect(await screen.findByText(/heard again: 80 %/, {}, { timeout: 5000 })).toBeVisible();
}, 15_000);
