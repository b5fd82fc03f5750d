import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { expect, test, vi } from "vitest";
import { renderView } from "@/testing/render";
import { server } from "@/testing/server";
import { address, idle, JOB_ID } from "@/testing/service";
import { AgainButton } from "./HearAgain";

const push = vi.hoisted(() => vi.fn());
vi.mock("next/navigation", () => ({ useRouter: () => ({ push }) }));

test("answer_that_was_lost_and_a_second_press_make_one_song", async () => {
  const keys: (string | null)[] = [];
  server.use(
    ...idle,
    http.post(address("/api/v1/jobs/{job_id}/again"), ({ request }) => {
      keys.push(request.headers.get("idempotency-key"));
      if (keys.length === 1) return HttpResponse.error();
      return HttpResponse.json({ job_id: JOB_ID, status: "queued" }, { status: 202 });
    }),
  );
  const user = userEvent.setup();
  renderView(<AgainButton jobId={JOB_ID} wishes={{ separation: "always" }} words="Again" />);
  await user.click(screen.getByRole("button", { name: "Again" }));
  expect(await screen.findByRole("alert")).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Again" }));
  await waitFor(() => expect(push).toHaveBeenCalled());
  expect(keys[0]).toBeTruthy();
  expect(keys[1]).toBe(keys[0]);
  // Wished for once more it is another song.
  await user.click(screen.getByRole("button", { name: "Again" }));
  await waitFor(() => expect(keys).toHaveLength(3));
  expect(keys[2]).not.toBe(keys[0]);
});
