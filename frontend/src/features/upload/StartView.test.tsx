import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { beforeEach, expect, test, vi } from "vitest";
import { renderView } from "@/testing/render";
import { server } from "@/testing/server";
import { address, idle, JOB_ID, problem } from "@/testing/service";
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
const song = () => new File(["fLaC and so on"], "rosanna.flac", { type: "audio/flac" });

beforeEach(() => {
  push.mockClear();
  // A browser that cannot tell how long a file plays.
  vi.stubGlobal(
    "Audio",
    class {
      onerror: (() => void) | null = null;
      set src(_address: string) {
        queueMicrotask(() => this.onerror?.());
      }
      removeAttribute() {}
    },
  );
  server.use(...idle);
});

async function chooseAndSend() {
  const user = userEvent.setup();
  renderStart();
  await user.upload(screen.getByLabelText("Recording"), song());
  await user.click(await screen.findByRole("button", { name: "Write the drum part" }));
  return user;
}

test("song_with_options_is_sent_and_its_job_shown", async () => {
  let sent: FormData | undefined;
  server.use(
    http.post(address("/api/v1/jobs"), async ({ request }) => {
      sent = await request.formData();
      return HttpResponse.json({ job_id: JOB_ID, status: "queued" }, { status: 202 });
    }),
  );
  const user = userEvent.setup();
  renderStart();
  await user.upload(screen.getByLabelText("Recording"), song());
  await user.click(await screen.findByText("Title, tempo and more"));
  await user.type(screen.getByLabelText("Tempo"), "87");
  await user.type(screen.getByLabelText("Metre"), "4/4");
  await user.click(screen.getByRole("button", { name: "Write the drum part" }));
  await waitFor(() => expect(push).toHaveBeenCalledWith(`/jobs/?id=${JOB_ID}`));
  expect(sent?.get("bpm")).toBe("87");
  expect(sent?.get("time_signature")).toBe("4/4");
  expect(sent?.has("separation")).toBe(false);
  expect((sent?.get("file") as File).size).toBe(song().size);
});

test("wrong_tempo_is_named_and_nothing_is_sent", async () => {
  const user = userEvent.setup();
  renderStart();
  await user.upload(screen.getByLabelText("Recording"), song());
  await user.click(await screen.findByText("Title, tempo and more"));
  await user.type(screen.getByLabelText("Tempo"), "1000");
  expect(screen.getByText("A number from 40 to 300, please.")).toBeVisible();
  expect(screen.getByLabelText("Tempo")).toBeInvalid();
  expect(screen.getByRole("button", { name: "Write the drum part" })).toBeDisabled();
});

test("broken_line_sends_the_same_song_under_the_same_key_again", async () => {
  const keys: (string | null)[] = [];
  server.use(
    http.post(address("/api/v1/jobs"), ({ request }) => {
      keys.push(request.headers.get("Idempotency-Key"));
      if (keys.length === 1) return HttpResponse.error();
      return HttpResponse.json({ job_id: JOB_ID, status: "queued" }, { status: 202 });
    }),
  );
  const user = await chooseAndSend();
  expect(await screen.findByText("The upload was interrupted")).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Send it again" }));
  await waitFor(() => expect(push).toHaveBeenCalledOnce());
  expect(keys).toHaveLength(2);
  expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
  expect(keys[1]).toBe(keys[0]);
});

test("broken_line_goes_on_by_itself_when_the_network_is_back", async () => {
  let tries = 0;
  server.use(
    http.post(address("/api/v1/jobs"), () => {
      tries += 1;
      if (tries === 1) return HttpResponse.error();
      return HttpResponse.json({ job_id: JOB_ID, status: "queued" }, { status: 202 });
    }),
  );
  await chooseAndSend();
  await screen.findByText("The upload was interrupted");
  window.dispatchEvent(new Event("online"));
  await waitFor(() => expect(push).toHaveBeenCalledOnce());
});

test.each([
  [429, "quota_exceeded", "Your other songs come first"],
  [413, "payload_too_large", "The file is too large"],
  [415, "not_audio", "This is not a recording"],
  [507, "storage_full", "The service has no room left"],
])("refusal_%s_%s_is_said_in_words", async (status, code, words) => {
  server.use(http.post(address("/api/v1/jobs"), () => problem(status, code, "As it is.")));
  await chooseAndSend();
  expect(await screen.findByText(words)).toBeVisible();
  expect(push).not.toHaveBeenCalled();
});

test("service_that_does_not_answer_is_named", async () => {
  server.use(http.get(address("/api/v1/limits"), () => HttpResponse.error()));
  renderStart();
  expect(await screen.findByText("The service does not answer")).toBeVisible();
});

test("file_that_misses_the_pad_does_not_take_the_page_away", async () => {
  renderStart();
  const drop = (types: string[]) => {
    const event = new Event("drop", { bubbles: true, cancelable: true });
    Object.assign(event, { dataTransfer: { types, files: [], dropEffect: "copy" } });
    document.body.dispatchEvent(event);
    return event.defaultPrevented;
  };
  expect(drop(["Files"])).toBe(true);
  // A word that is dragged into a field is none of our business.
  expect(drop(["text/plain"])).toBe(false);
});

test("song_chosen_while_the_example_is_fetched_is_the_one_that_counts", async () => {
  let answer = () => {};
  let sent = 0;
  server.use(
    http.get("*/example/funk-rock.flac", async () => {
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
      return new HttpResponse(new Uint8Array(8));
    }),
    http.post(address("/api/v1/jobs"), () => {
      sent += 1;
      return HttpResponse.json({ job_id: JOB_ID, status: "queued" }, { status: 202 });
    }),
  );
  const realFetch = globalThis.fetch;
  const fetched: Promise<unknown>[] = [];
  // Browsers resolve the address; jsdom's page has one too, but Node's fetch does not know it.
  vi.stubGlobal("fetch", (target: RequestInfo, init?: RequestInit) => {
    const asked = realFetch(
      typeof target === "string" ? new URL(target, location.origin) : target, init,
    );
    if (typeof target === "string") fetched.push(asked);
    return asked;
  });
  const user = userEvent.setup();
  renderStart();
  await user.click(screen.getByRole("button", { name: "Try the example" }));
  await user.upload(screen.getByLabelText("Recording"), song());
  expect(await screen.findByRole("heading", { name: "rosanna.flac" })).toBeVisible();
  answer();
  await Promise.all(fetched);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(screen.getByRole("heading", { name: "rosanna.flac" })).toBeVisible();
  expect(screen.queryByText(/example could not be loaded/)).toBeNull();
  expect(sent).toBe(0);
});

test("other_song_does_not_inherit_what_was_known_about_the_first", async () => {
  const user = userEvent.setup();
  renderStart();
  await user.upload(screen.getByLabelText("Recording"), song());
  await user.click(await screen.findByText("Title, tempo and more"));
  await user.type(screen.getByLabelText("Title"), "Rosanna");
  await user.upload(screen.getByLabelText("Recording"), new File(["fLaC"], "africa.flac"));
  expect(await screen.findByRole("heading", { name: "africa.flac" })).toBeVisible();
  expect(screen.getByLabelText("Title")).toHaveValue("");
});

test("song_that_is_too_long_is_taken_in_part", async () => {
  vi.stubGlobal(
    "Audio",
    class {
      duration = 1500;
      onloadedmetadata: (() => void) | null = null;
      set src(_address: string) {
        queueMicrotask(() => this.onloadedmetadata?.());
      }
      removeAttribute() {}
    },
  );
  vi.spyOn(URL, "createObjectURL").mockReturnValue("blob:song");
  vi.spyOn(URL, "revokeObjectURL").mockReturnValue(undefined);
  let sent: FormData | undefined;
  server.use(
    http.post(address("/api/v1/jobs"), async ({ request }) => {
      sent = await request.formData();
      return HttpResponse.json({ job_id: JOB_ID, status: "queued" }, { status: 202 });
    }),
  );
  const user = userEvent.setup();
  renderStart();
  await screen.findByText(/up to 50 MB and 15 minutes/);
  await user.upload(screen.getByLabelText("Recording"), song());
  expect(await screen.findByText(/This recording lasts 25:00/)).toBeVisible();
  expect(screen.getByLabelText("Up to")).toHaveValue("15:00");
  await user.clear(screen.getByLabelText("Only from"));
  await user.type(screen.getByLabelText("Only from"), "5:00");
  await user.click(screen.getByRole("button", { name: "Write the drum part" }));
  await waitFor(() => expect(push).toHaveBeenCalledOnce());
  expect(sent?.get("start_seconds")).toBe("300");
  expect(sent?.get("end_seconds")).toBe("900");
});
