import { render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { ScoreClock } from "@/music/timeMap";
import { ScoreView } from "./ScoreView";

const SVG =
  '<svg xmlns="http://www.w3.org/2000/svg"><svg id="page-1" class="page" width="2100" height="2970" viewBox="0 0 2100 2970">' +
  '<g class="measure" id="bar-1"/><g class="measure" id="bar-2"/></svg></svg>';
const CLOCK = new ScoreClock({ schema_version: 1, duration_seconds: 4, measures: [], notes: [], merged: [] });

const view = (doubtfulBars: ReadonlySet<string>) => (
  <ScoreView
    svg={SVG} isNarrow={false} clock={CLOCK} hits={[]} title="Song" position={() => 0} isPlaying={false}
    doubtful={new Set()} doubtfulBars={doubtfulBars} markedHit={null} shown={null} onSeek={() => undefined}
  />
);

test("doubtful_bars_are_marked_only_where_doubt_is_shown", () => {
  const { container, rerender } = render(view(new Set(["bar-2"])));
  const marked = () => [...container.querySelectorAll("[data-doubtful]")].map((bar) => bar.id);
  expect(marked()).toEqual(["bar-2"]);
  rerender(view(new Set()));
  expect(marked()).toEqual([]);
});

const bar = (number: number) => ({
  number, beats: [], start_seconds: number, end_seconds: number + 1, time_signature: "4/4", svg_id: `bar-${number}`,
});

test("rehearsal_letter_gives_the_bars_up_to_the_next_one_and_the_last_to_the_end", async () => {
  const letters =
    '<svg xmlns="http://www.w3.org/2000/svg"><svg id="page-1" class="page" viewBox="0 0 2100 2970">' +
    '<g class="measure" id="bar-1"><g class="reh"><text>A</text></g></g><g class="measure" id="bar-2"/>' +
    '<g class="measure" id="bar-3"><g class="reh"><text>B</text></g></g><g class="measure" id="bar-4"/></svg></svg>';
  const clock = new ScoreClock({
    schema_version: 1, duration_seconds: 5, measures: [1, 2, 3, 4].map(bar), notes: [], merged: [],
  });
  const loops: unknown[] = [];
  const { container } = render(
    <ScoreView
      svg={letters} isNarrow={false} clock={clock} title="Song" position={() => 0} isPlaying={false} doubtful={new Set()}
      markedHit={null} shown={null} onSeek={() => undefined} onSection={(stretch) => loops.push(stretch)}
    />,
  );
  const user = userEvent.setup();
  for (const letter of container.querySelectorAll("g.reh text")) await user.click(letter);
  expect(loops).toEqual([
    { startSeconds: 1, endSeconds: 3 },
    { startSeconds: 3, endSeconds: 5 },
  ]);
});
