import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { renderView } from "@/testing/render";
import { jobResult } from "@/testing/service";
import "@/words/workspace";
import { WordsOfBar } from "./WordsOfBar";

const MEASURES = [0, 2, 4].map((start_seconds, index) => ({
  number: index + 1, start_seconds, end_seconds: start_seconds + 2, beats: [start_seconds], time_signature: "4/4", svg_id: `bar-${index + 1}`,
}));

function open(bar: number) {
  const onChange = vi.fn();
  const settings = { ...jobResult().settings, section_names: "A=Verse, 2=Chorus", bar_texts: "2=Stop" };
  renderView(<WordsOfBar settings={settings} measures={MEASURES} bar={bar} onChange={onChange} />);
  return { onChange, user: userEvent.setup() };
}

test("what_stands_at_a_bar_is_shown_and_changed_alone", async () => {
  const { onChange, user } = open(1);
  expect(screen.getByLabelText("Section that begins here")).toHaveValue("Chorus");
  await user.clear(screen.getByLabelText("Text over the bar"));
  await user.keyboard("{Enter}");
  expect(onChange).toHaveBeenCalledExactlyOnceWith({ bar_texts: null });
});

test("section_is_named_where_none_began", async () => {
  const { onChange, user } = open(2);
  await user.type(screen.getByLabelText("Section that begins here"), "Bridge{Enter}");
  expect(onChange).toHaveBeenCalledExactlyOnceWith({ section_names: "A=Verse, 2=Chorus, 4=Bridge" });
});
