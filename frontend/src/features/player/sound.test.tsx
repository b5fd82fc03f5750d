import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { expect, test, vi } from "vitest";
import { server } from "@/testing/server";
import { address, download } from "@/testing/service";
import { loadRecording } from "./recording";
import { SoundNotice } from "./SoundNotice";
import { usePlayer } from "./usePlayer";

const file = address("/api/v1/jobs/{job_id}/download/{format}");
const recording = { name: "recording", url: `${location.origin}${download("recording").url}` } as const;

function Heard({ downloads = [{ ...download("recording"), url: recording.url }] }) {
  const { engine, state, sound, loadAgain } = usePlayer(downloads, 20);
  return (
    <>
      <SoundNotice sound={sound} canPlay={engine !== null} onAgain={loadAgain} />
      <p>{state?.sources.kit.isMuted === false ? "the kit is heard" : "the kit is mute"}</p>
    </>
  );
}

class Device extends EventTarget {
  readonly state = "suspended";
  readonly sampleRate = 8000;
  readonly currentTime = 0;
  createGain = () => ({ connect: () => undefined, gain: { setTargetAtTime: () => undefined } });
  close = async () => undefined;
  decodeAudioData = async () => {
    throw new DOMException("Unknown format.", "EncodingError");
  };
}

test("recording_whose_line_breaks_in_the_middle_may_be_asked_for_again", async () => {
  server.use(
    http.get(file, () => {
      const body = new ReadableStream<Uint8Array>({
        start: (stream) => stream.enqueue(new Uint8Array(8)),
        pull: (stream) => stream.error(new TypeError("The line is dead.")),
      });
      return new HttpResponse(body);
    }),
  );
  const loading = loadRecording(
    new Device() as unknown as BaseAudioContext, [recording], 20, new AbortController().signal, () => undefined,
  );
  await expect(loading).rejects.toMatchObject({ code: "offline", isPassing: true });
});

test("recording_that_did_not_come_leaves_the_kit_and_is_asked_for_again", async () => {
  vi.stubGlobal("AudioContext", Device);
  let asked = 0;
  server.use(
    http.get(file, () => {
      asked += 1;
      return asked === 1 ? HttpResponse.error() : new HttpResponse(new Uint8Array(8));
    }),
  );
  render(<Heard />);
  expect(await screen.findByText("The recording could not be loaded")).toBeVisible();
  expect(screen.getByText("the kit is heard")).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  // It came, and is of a kind that this browser does not know.
  expect(await screen.findByText("The recording cannot be played here")).toBeVisible();
  await waitFor(() => expect(screen.getByText("the kit is heard")).toBeVisible());
  expect(asked).toBe(2);
});

test("browser_without_a_device_says_so_and_shows_the_page", async () => {
  vi.stubGlobal(
    "AudioContext",
    class {
      constructor() {
        throw new DOMException("No more contexts.", "NotSupportedError");
      }
    },
  );
  render(<Heard />);
  expect(await screen.findByText("There is no sound here")).toBeVisible();
});
