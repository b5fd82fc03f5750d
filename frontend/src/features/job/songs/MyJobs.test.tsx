import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { beforeEach, expect, test, vi } from "vitest";
import { renderView } from "@/testing/render";
import { server } from "@/testing/server";
import { address, idle, JOB_ID, jobStatus, serviceOfOneSong } from "@/testing/service";
import { MyJobs } from "./MyJobs";

vi.mock("next/navigation", () => ({ useRouter: () => ({ push: vi.fn() }) }));

beforeEach(() => server.use(...idle));

test("list_without_songs_says_where_they_will_be", async () => {
  renderView(<MyJobs />);
  expect(await screen.findByText(/Nothing here yet/)).toBeVisible();
});

test("list_says_of_each_song_what_matters_now", async () => {
  server.use(
    http.get(address("/api/v1/jobs"), () =>
      HttpResponse.json({
        jobs: [
          jobStatus({ job_id: "1", title: "Waits", status: "separating_drums", progress: 20 }),
          jobStatus({
            job_id: JOB_ID,
            title: "Done",
            status: "completed",
            duration_seconds: 185,
            detected_bpm: 87,
            hit_summary: { kick: 100, snare: 1104 },
            is_edited: true,
          }),
          jobStatus({
            job_id: "3",
            title: "Broke",
            status: "failed",
            error: { code: "silent_audio", message: "" },
          }),
        ],
        next_cursor: null,
      }),
    ),
  );
  renderView(<MyJobs />);
  const [waits, done, broke] = await screen.findAllByRole("listitem");
  expect(waits).toHaveTextContent("Taking the drums out of the mix, 20 %");
  expect(within(waits!).getByRole("button", { name: "Cancel Waits" })).toBeVisible();
  expect(done).toHaveTextContent("3:05, 87 BPM, 1,204 notes, corrected");
  expect(within(done!).getByRole("link")).toHaveAttribute(
    "href",
    expect.stringMatching(new RegExp(`^/jobs/?\\?id=${JOB_ID}$`)),
  );
  expect(broke).toHaveTextContent("The recording is silent");
});

test("list_shows_older_songs_when_asked", async () => {
  let isDown = true;
  server.use(
    http.get(address("/api/v1/jobs"), ({ request }) => {
      const cursor = new URL(request.url).searchParams.get("cursor");
      if (cursor === null) {
        return HttpResponse.json({ jobs: [jobStatus({ title: "New" })], next_cursor: "older" });
      }
      expect(cursor).toBe("older");
      if (isDown) return HttpResponse.error();
      return HttpResponse.json({
        jobs: [jobStatus({ job_id: "2", title: "Old" })],
        next_cursor: null,
      });
    }),
  );
  renderView(<MyJobs />);
  const more = await screen.findByRole("button", { name: "Show older songs" });
  await userEvent.click(more);
  expect(await screen.findByText(/could not be loaded/)).toBeVisible();
  expect(screen.getByRole("link", { name: "New" })).toBeVisible();
  isDown = false;
  await userEvent.click(more);
  expect(await screen.findByRole("link", { name: "Old" })).toBeVisible();
  expect(screen.getByRole("link", { name: "New" })).toBeVisible();
  expect(screen.queryByRole("button", { name: "Show older songs" })).toBeNull();
});

test("list_while_the_service_is_gone_offers_to_look_again", async () => {
  server.use(http.get(address("/api/v1/jobs"), () => HttpResponse.error()));
  renderView(<MyJobs />);
  expect(await screen.findByRole("button", { name: "Look again" })).toBeVisible();
});

test("song_that_is_completed_while_one_is_asked_whether_to_cancel_it_is_kept", async () => {
  const [seen, now] = [jobStatus({ title: "Almost", status: "transcribing" }), jobStatus({ title: "Almost", status: "completed" })];
  server.use(...serviceOfOneSong(seen, now));
  renderView(<MyJobs />);
  await userEvent.click(await screen.findByRole("button", { name: "Cancel Almost" }));
  await userEvent.click(screen.getByRole("button", { name: "Cancel the song" }));
  expect(await screen.findByRole("button", { name: "Delete Almost" })).toBeVisible();
});
