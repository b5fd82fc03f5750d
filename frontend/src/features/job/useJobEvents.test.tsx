import { screen, waitFor } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { renderView } from "@/testing/render";
import { server } from "@/testing/server";
import { address, idle, JOB_ID, jobResult, jobStatus } from "@/testing/service";
import { JobView } from "./JobView";

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

const Workspace = ({ result }: { result: { title: string } }) => <p>Workspace of {result.title}</p>;
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
