import { act, fireEvent, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { renderView } from "@/testing/render";
import "@/words/form";
import type { Song } from "./sendSong";
import { TapAlong } from "./TapAlong";

const FILE: Song = { kind: "file", file: new File(["sound"], "song.ape") };

function tapAt(milliseconds: number) {
  const event = new KeyboardEvent("keydown", { key: "t", bubbles: true });
  Object.defineProperty(event, "timeStamp", { value: milliseconds });
  act(() => void document.body.dispatchEvent(event));
}

test.each([["", 120], ["6/8", 180], ["7/8", 120], ["no metre", 120]])(
  "tempo_tapped_in_metre_%s_goes_into_the_field_in_quarters",
  (metre, bpm) => {
    const said: number[] = [];
    renderView(<TapAlong song={FILE} metre={metre} onTempo={(tempo) => said.push(tempo)} />);
    for (const at of [0, 500, 1000, 1500]) tapAt(at);
    fireEvent.click(screen.getByRole("button", { name: `Use ♩ = ${bpm}` }));
    expect(said).toEqual([bpm]);
  },
);

test("file_that_the_browser_cannot_play_says_why_and_can_be_tapped_all_the_same", () => {
  renderView(<TapAlong song={FILE} metre="" onTempo={() => undefined} />);
  fireEvent.error(screen.getByLabelText("Listen to the file"));
  expect(screen.getByText(/This browser cannot play this kind of file/)).toBeVisible();
  expect(screen.getByRole("button", { name: "Tap" })).toBeEnabled();
});

test("link_is_played_where_it_was_found", () => {
  renderView(<TapAlong song={{ kind: "link", url: "https://example.org/a.mp3" }} metre="" onTempo={() => undefined} />);
  expect(screen.queryByLabelText("Listen to the file")).toBeNull();
  expect(screen.getByText(/What a link leads to is not played here/)).toBeVisible();
});
