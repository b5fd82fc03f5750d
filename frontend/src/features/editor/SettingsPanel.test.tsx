import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { expect, test } from "vitest";
import { renderView } from "@/testing/render";
import { server } from "@/testing/server";
import { address, JOB_ID, jobResult } from "@/testing/service";
import { SettingsPanel } from "./SettingsPanel";
import { useEditing } from "./useEditing";

function Panel({ said }: { said?: Parameters<typeof jobResult>[0] }) {
  const result = jobResult(said);
  return <SettingsPanel editing={useEditing(JOB_ID, result, null)} result={result} position={() => 0} isPlaying={false} />;
}

test.each([
  ["Note heads and lines", "one voice, as in pop charts", { style: "one-voice" }],
  ["Keys of the MIDI files", "Roland V-Drums", { drum_map: "roland-td" }],
])("choice_of_%s_asks_the_service_for_it", async (name, words, change) => {
  const asked: unknown[] = [];
  server.use(
    http.patch(address("/api/v1/jobs/{job_id}"), async ({ request }) => {
      asked.push(await request.json());
      return HttpResponse.json(jobResult());
    }),
  );
  renderView(<Panel />);
  const user = userEvent.setup();
  await user.selectOptions(screen.getByLabelText(name), words);
  await waitFor(() => expect(asked).toEqual([expect.objectContaining(change)]));
});

test("choices_nobody_made_show_what_holds", () => {
  renderView(<Panel />);
  expect(screen.getByLabelText("Note heads and lines")).toHaveDisplayValue("hands up, feet down");
  expect(screen.getByLabelText("Keys of the MIDI files")).toHaveDisplayValue("General MIDI");
});

test("choice_of_the_metre_shows_what_the_page_is_written_in", () => {
  renderView(<Panel said={{ time_signature: "4/4", written_time_signature: "12/8" }} />);
  expect(screen.getByLabelText("Metre")).toHaveDisplayValue("12/8");
});
