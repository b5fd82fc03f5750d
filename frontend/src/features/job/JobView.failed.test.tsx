import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { beforeEach, expect, test, vi } from "vitest";
import type { JobStatus } from "@/api/client";
import { renderView } from "@/testing/render";
import { server } from "@/testing/server";
import { address, idle, JOB_ID, jobIs, jobResult, LIMITS, jobStatus, REFINEMENT } from "@/testing/service";
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

const NEW_ID = "0d9e8c7b-6a5f-4e3d-8c2b-1a0f9e8d7c6b";

/** The wishes with which songs are heard again; the new one is NEW_ID. */
function heardAgain(): unknown[] {
  const asked: unknown[] = [];
  server.use(
    http.post(address("/api/v1/jobs/{job_id}/again"), async ({ request }) => {
      asked.push(await request.json());
      return HttpResponse.json({ job_id: NEW_ID, status: "queued" }, { status: 202 });
    }),
  );
  return asked;
}

test("damaged_recording_is_taken_as_it_is_and_the_failed_song_goes", async () => {
  const asked = heardAgain();
  const deleted: string[] = [];
  server.use(
    http.delete(address("/api/v1/jobs/{job_id}"), ({ params }) => {
      deleted.push(String(params.job_id));
      return HttpResponse.json({ job_id: JOB_ID, status: "failed", deleted: true });
    }),
  );
  show({ status: "failed", error: { code: "truncated_audio", message: "" } });
  await userEvent.setup().click(await screen.findByRole("button", { name: "Take what is there" }));
  await waitFor(() => expect(push).toHaveBeenCalledWith(`/jobs/?id=${NEW_ID}`));
  expect(asked).toEqual([{ accept_damaged: true }]);
  expect(deleted).toEqual([JOB_ID]);
});

test("recording_that_is_too_long_is_heard_in_part", async () => {
  const asked = heardAgain();
  server.use(http.delete(address("/api/v1/jobs/{job_id}"), () => HttpResponse.error()));
  show({ status: "failed", error: { code: "audio_too_long", message: "" } });
  const user = userEvent.setup();
  const from = await screen.findByLabelText("From");
  await user.clear(from);
  await user.type(from, "10:00");
  await screen.findByPlaceholderText("25:00");
  await user.click(screen.getByRole("button", { name: "Hear this part" }));
  await waitFor(() => expect(push).toHaveBeenCalledWith(`/jobs/?id=${NEW_ID}`));
  expect(asked).toEqual([{ start_seconds: 600, end_seconds: 1500 }]);
});

const showResult = (result: Parameters<typeof jobResult>[0]) => {
  server.use(
    http.get(address("/api/v1/jobs/{job_id}/result"), () => HttpResponse.json(jobResult(result))),
  );
  show({ status: "completed", progress: 100 });
};

test("other_tracks_of_a_file_are_one_press_away", async () => {
  const asked = heardAgain();
  const message = "film.mkv has 3 tracks of sound. Track 2 was heard, not 1, 3.";
  showResult({
    warnings: ["several_tracks"],
    warning_details: [{ code: "several_tracks", message, choices: [1, 3] }],
  });
  expect(await screen.findByText(message)).toBeVisible();
  await userEvent.setup().click(screen.getByRole("button", { name: "Hear track 3" }));
  await waitFor(() => expect(asked).toEqual([{ audio_track: 3 }]));
});

test.each([
  ["ready", false, 1],
  ["after_download", true, 1],
  ["off", false, 0],
] as const)("drums_alone_where_separation_is_%s", async (separation, saysDownload, buttons) => {
  server.use(
    http.get(address("/api/v1/limits"), () =>
      HttpResponse.json({ ...LIMITS, separation, separation_download_bytes: 174_263_526 }),
    ),
  );
  const asked: string[] = [];
  server.use(
    http.post(address("/api/v1/jobs/{job_id}/refinement"), ({ params }) => {
      asked.push(String(params.job_id));
      return HttpResponse.json(jobStatus({ status: "completed", refinement: REFINEMENT }), { status: 202 });
    }),
  );
  showResult({ warnings: [] });
  await screen.findByText(/There is no track without drums/);
  await new Promise((resolve) => setTimeout(resolve, 50));
  const found = screen.queryAllByRole("button", { name: "Listen again with the drums alone" });
  expect(found).toHaveLength(buttons);
  expect(screen.queryByText(/174 MB are downloaded/) !== null).toBe(saysDownload);
  if (!found[0]) return;
  await userEvent.setup().click(found[0]);
  // Into the same song: the page stays, and says so.
  expect(await screen.findByText(/how far it is stands above the score/)).toBeVisible();
  expect(asked).toEqual([JOB_ID]);
  expect(screen.queryByRole("button", { name: "Listen again with the drums alone" })).toBeNull();
});
