import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test, vi } from "vitest";
import { renderView } from "@/testing/render";
import { jobResult } from "@/testing/service";
import "@/words/song";
import "@/words/workspace";
import { TitleFields } from "./TitleFields";
import type { Editing } from "./useEditing";

const RESULT = jobResult({ title: "Rosanna", settings: { ...jobResult().settings, artist: "Toto" } });

function open() {
  const change = vi.fn();
  renderView(<TitleFields result={RESULT} editing={{ wish: {}, change } as unknown as Editing} />);
  return { change, user: userEvent.setup() };
}

beforeEach(() => sessionStorage.clear());

test.each([
  ["another_title", "Title", "Africa", { title: "Africa" }],
  ["another_artist", "Artist", "Someone", { artist: "Someone" }],
  ["no_artist", "Artist", " ", { artist: null }],
] as const)("%s_is_asked_for_and_nothing_else", async (_, name, typed, expected) => {
  const { change, user } = open();
  await user.click(screen.getByRole("button", { name: "Title and artist" }));
  const field = screen.getByLabelText(name);
  await user.clear(field);
  await user.type(field, `${typed}{Enter}`);
  expect(change).toHaveBeenCalledExactlyOnceWith(expected);
  await waitFor(() => expect(screen.queryByLabelText("Title")).toBeNull());
});

test.each(["{Enter}", "x{Escape}"])("nothing_new_%s_asks_for_nothing", async (keys) => {
  const { change, user } = open();
  await user.click(screen.getByRole("button", { name: "Title and artist" }));
  expect(screen.getByLabelText("Title")).toHaveFocus();
  await user.keyboard(keys);
  expect(change).not.toHaveBeenCalled();
  expect(screen.queryByLabelText("Title")).toBeNull();
});
