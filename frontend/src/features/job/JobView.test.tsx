import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { beforeEach, expect, test, vi } from "vitest";
import type { JobStatus } from "@/api/client";
import { renderView } from "@/testing/render";
import { server } from "@/testing/server";
import { address, idle, JOB_ID, jobIs, jobResult, jobStatus, problem, serviceOfOneSong } from "@/testing/service";
import { JobView } from "./JobView";

const push = vi.hoisted(() => vi.fn());
const search = vi.hoisted(() => ({ id: "" }));
vi.mock("next/navigation", () => ({
  useRouter: () => ({ push }),
  useSearchParams: () => new URLSearchParams(search.id ? { id: search.id } : {}),
}));
// Player and editor have their own tests; here it counts that they get the result.
const Workspace = ({ result }: { result: { title: string } }) => <p>Workspace of {result.title}</p>;

beforeEach(() => {
  push.mockClear();
  search.id = JOB_ID;
  server.use(...idle);
});

const show = (job: Partial<JobStatus>) => {
  server.use(jobIs(jobStatus(job)));
  renderView(<JobView Workspace={Workspace} />);
};

test("queued_job_says_how_many_come_before_it", async () => {
  show({ queue_position: 3 });
  expect(await screen.findByText("Waiting for its turn")).toBeVisible();
  expect(screen.getByText("2 songs come before it.")).toBeVisible();
});

test("running_job_names_its_stage_and_estimates_honestly", async () => {
  show({ status: "separating_drums", progress: 35, eta_seconds: 42 });
  const bar = await screen.findByRole("progressbar");
  expect(bar).toHaveAttribute("aria-valuenow", "35");
  expect(bar).toHaveAttribute("aria-valuetext", "Taking the drums out of the mix, 35 percent");
  expect(screen.getByText("35 %, about 50 seconds left")).toBeVisible();
});

test("running_job_without_estimate_claims_none", async () => {
  show({ status: "processing", progress: 4 });
  expect(await screen.findByText("4 %, too early to say how long")).toBeVisible();
});

test("running_job_is_polled_until_it_is_a_page", async () => {
  const answers = [
    jobStatus({ status: "transcribing", progress: 90 }),
    jobStatus({ status: "completed", progress: 100 }),
  ];
  server.use(
    http.get(address("/api/v1/jobs/{job_id}"), () =>
      HttpResponse.json(answers.length > 1 ? answers.shift() : answers[0]),
    ),
    http.get(address("/api/v1/jobs/{job_id}/result"), () => HttpResponse.json(jobResult())),
  );
  renderView(<JobView Workspace={Workspace} />);
  expect(await screen.findByText("Writing the page")).toBeVisible();
  expect(await screen.findByText("Workspace of Rosanna", {}, { timeout: 10_000 })).toBeVisible();
});

test("running_job_is_cancelled_only_after_a_question", async () => {
  const cancelled: string[] = [];
  server.use(
    http.post(address("/api/v1/jobs/{job_id}/cancel"), ({ params }) => {
      cancelled.push(String(params.job_id));
      const job = jobStatus({ status: "cancelled" });
      server.use(jobIs(job));
      return HttpResponse.json(job);
    }),
  );
  show({ status: "predicting", progress: 70 });
  const user = userEvent.setup();
  await user.click(await screen.findByRole("button", { name: "Cancel" }));
  await user.click(screen.getByRole("button", { name: "Keep going" }));
  expect(cancelled).toEqual([]);
  await user.click(screen.getByRole("button", { name: "Cancel" }));
  await user.click(screen.getByRole("button", { name: "Cancel the song" }));
  expect(await screen.findByText("This song was cancelled")).toBeVisible();
  expect(cancelled).toEqual([JOB_ID]);
});

test("song_that_is_completed_while_one_is_asked_whether_to_cancel_it_is_kept", async () => {
  server.use(
    ...serviceOfOneSong(jobStatus({ status: "transcribing", progress: 99 }), jobStatus({ status: "completed", progress: 100 })),
    http.get(address("/api/v1/jobs/{job_id}/result"), () => HttpResponse.json(jobResult())),
  );
  renderView(<JobView Workspace={Workspace} />);
  const user = userEvent.setup();
  await user.click(await screen.findByRole("button", { name: "Cancel" }));
  await user.click(screen.getByRole("button", { name: "Cancel the song" }));
  expect(await screen.findByText("Workspace of Rosanna")).toBeVisible();
});

test.each([
  ["no_drums_found", "No drums were heard"],
  ["worker_lost", "The service broke off several times"],
  ["link_age_restricted", "The video could not be fetched"],
  ["something_new", "The song could not be transcribed"],
])("failed_job_%s_says_why_and_what_to_do", async (code, words) => {
  show({ status: "failed", error: { code, message: "As it was." } });
  expect(await screen.findByRole("heading", { name: words })).toBeVisible();
  expect(screen.getByText(code)).toBeVisible();
  expect(screen.getByRole("link", { name: "Hand in another song" })).toHaveAttribute("href", "/");
});

test("result_shows_what_was_heard_warnings_and_downloads", async () => {
  server.use(
    http.get(address("/api/v1/jobs/{job_id}/result"), () =>
      HttpResponse.json(
        jobResult({
          warnings: ["bpm_unreliable"],
          hits: [0, 1, 2].map((id) => ({
            id, time: id, instrument: "ride", velocity: 0.8, confidence: 0.4, articulation: null,
          })),
          review: [{ kind: "doubtful", instrument: "ride", beat: 1, ids: [0, 2], chance: 0.5 }],
          hit_summary: { kick: 12, snare: 8, ride: 0 },
          version: 4,
        }),
      ),
    ),
  );
  show({ status: "completed", progress: 100 });
  expect(await screen.findByRole("heading", { name: "Rosanna" })).toBeVisible();
  expect(screen.getByText("check about 2 of 3 notes")).toBeVisible();
  expect(screen.getByText("The beat was hard to find")).toBeVisible();
  expect(screen.getByRole("row", { name: "Kick 12" })).toBeVisible();
  expect(screen.queryByRole("row", { name: /Ride/ })).toBeNull();
  // With its version, so that no cache gives out the page from before an edit.
  expect(screen.getByRole("link", { name: /^PDF ?, download$/ })).toHaveAttribute(
    "href",
    `/api/v1/jobs/${JOB_ID}/download/pdf?version=4`,
  );
});

test("result_counted_in_quarters_and_written_in_thirds_has_metre_and_tempo_of_the_page", async () => {
  server.use(
    http.get(address("/api/v1/jobs/{job_id}/result"), () =>
      HttpResponse.json(jobResult({ bpm: 120, time_signature: "4/4", written_time_signature: "12/8" })),
    ),
  );
  show({ status: "completed", progress: 100 });
  expect(await screen.findByText("12/8")).toBeVisible();
  expect(screen.getByLabelText("120 dotted quarter notes per minute")).toBeVisible();
});

test("result_that_has_expired_says_so", async () => {
  server.use(
    http.get(address("/api/v1/jobs/{job_id}/result"), () =>
      problem(410, "result_expired", "The files have expired."),
    ),
  );
  show({ status: "completed", progress: 100 });
  expect(
    await screen.findByRole("heading", { name: "This song has expired" }),
  ).toBeVisible();
});

test.each(["", "not-an-id"])("address_with_id_%s_leads_nowhere_and_asks_nobody", async (id) => {
  search.id = id;
  renderView(<JobView Workspace={Workspace} />);
  expect(await screen.findByRole("heading", { name: "There is no such song" })).toBeVisible();
});

test("unknown_job_says_so", async () => {
  server.use(
    http.get(address("/api/v1/jobs/{job_id}"), () => problem(404, "job_not_found", "No.")),
  );
  renderView(<JobView Workspace={Workspace} />);
  expect(await screen.findByRole("heading", { name: "There is no such song" })).toBeVisible();
});

test("service_that_is_gone_is_asked_again_on_demand", async () => {
  server.use(http.get(address("/api/v1/jobs/{job_id}"), () => HttpResponse.error()));
  renderView(<JobView Workspace={Workspace} />);
  expect(await screen.findByRole("heading", { name: "The service does not answer" })).toBeVisible();
  server.use(jobIs(jobStatus({ status: "processing", progress: 3 })));
  await userEvent.setup().click(screen.getByRole("button", { name: "Try again" }));
  await waitFor(() => expect(screen.getByText("Listening to the recording")).toBeVisible());
});
