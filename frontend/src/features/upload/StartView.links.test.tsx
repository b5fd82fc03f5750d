import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { beforeEach, expect, test, vi } from "vitest";
import { renderView } from "@/testing/render";
import { server } from "@/testing/server";
import { address, idle, JOB_ID, LIMITS } from "@/testing/service";
import { QueueProvider } from "./many/QueueProvider";
import { StartView } from "./StartView";

const push = vi.hoisted(() => vi.fn());
vi.mock("next/navigation", () => ({ useRouter: () => ({ push }) }));

const renderStart = () =>
  renderView(
    <QueueProvider>
      <StartView />
    </QueueProvider>,
  );

beforeEach(() => {
  push.mockClear();
  server.use(...idle);
});

test("link_is_sent_as_json_and_what_is_no_video_is_not", async () => {
  let sent: unknown;
  server.use(
    http.post(address("/api/v1/jobs"), async ({ request }) => {
      sent = await request.json();
      return HttpResponse.json({ job_id: JOB_ID, status: "queued" }, { status: 202 });
    }),
  );
  const user = userEvent.setup();
  renderStart();
  const field = await screen.findByLabelText("Or paste a link to a YouTube video or a sound file");
  await user.type(field, "http://example.org/song.mp3");
  await user.click(screen.getByRole("button", { name: "Use this link" }));
  expect(await screen.findByText(/neither the address of a YouTube video/)).toBeVisible();
  await user.clear(field);
  await user.type(field, "youtu.be/qmOLtTGvsbM");
  await user.click(screen.getByRole("button", { name: "Use this link" }));
  await user.click(await screen.findByRole("button", { name: "Write the drum part" }));
  await waitFor(() => expect(push).toHaveBeenCalledOnce());
  expect(sent).toEqual({ source_url: "https://youtu.be/qmOLtTGvsbM" });
});

test("sound_file_may_come_from_anywhere", async () => {
  let sent: unknown;
  server.use(
    http.get(address("/api/v1/limits"), () => HttpResponse.json({ ...LIMITS, links_enabled: false })),
    http.post(address("/api/v1/jobs"), async ({ request }) => {
      sent = await request.json();
      return HttpResponse.json({ job_id: JOB_ID, status: "queued" }, { status: 202 });
    }),
  );
  const user = userEvent.setup();
  renderStart();
  const field = await screen.findByLabelText("Or paste a link to a sound file");
  await user.type(field, "https://youtu.be");
  await user.click(screen.getByRole("button", { name: "Use this link" }));
  expect(await screen.findByText(/not the address of a sound file/)).toBeVisible();
  await user.clear(field);
  await user.type(field, "https://band.example.org/demo.mp3?dl=1");
  await user.click(screen.getByRole("button", { name: "Use this link" }));
  expect(await screen.findByText("From band.example.org")).toBeVisible();
  await user.click(await screen.findByRole("button", { name: "Write the drum part" }));
  await waitFor(() => expect(push).toHaveBeenCalledOnce());
  expect(sent).toEqual({ source_url: "https://band.example.org/demo.mp3?dl=1" });
});

test("links_switched_off_are_not_offered", async () => {
  server.use(
    http.get(address("/api/v1/limits"), () =>
      HttpResponse.json({ ...LIMITS, links_enabled: false, sound_links_enabled: false }),
    ),
  );
  renderStart();
  expect(await screen.findByText(/up to 50 MB and 15 minutes/)).toBeVisible();
  expect(screen.queryByLabelText("Or paste a link to a YouTube video or a sound file")).toBeNull();
});
