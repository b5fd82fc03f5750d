import { render } from "@testing-library/react";
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
