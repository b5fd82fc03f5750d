import { useMemo, useState, type ReactNode } from "react";
import type { JobResult } from "@/api/client";
import { BarMenu } from "@/features/editor/BarMenu";
import type { CopiedBar } from "@/features/editor/barStrokes";
import { firstLineLater, isCountedAnew } from "@/features/editor/countChanges";
import type { Editing } from "@/features/editor/useEditing";
import { WordsOfBar } from "@/features/editor/WordsOfBar";
import { barAt, barsOf, countOf, wishOf } from "@/music/bars";
import { beatAt, secondsAt } from "@/music/beatGrid";
import type { ScoreClock } from "@/music/timeMap";
import { numberOnPage } from "./numberOnPage";

/** The menu of a bar: opened at a moment of the song, wherever that was pointed at. */
export function useBarMenu(
  result: JobResult, clock: ScoreClock | null, editing: Editing,
): { open: (seconds: number) => void; menu: ReactNode } {
  const [at, setAt] = useState<number | null>(null);
  const [clipboard, setClipboard] = useState<CopiedBar | null>(null);
  const count = useMemo(() => countOf(result), [result]);
  const bars = useMemo(() => barsOf(count.grid), [count]);
  const bar = at === null ? -1 : Math.max(0, barAt(bars, beatAt(count.grid, at)));
  const here = bars[bar];
  const measure = here && clock?.measureAt(secondsAt(count.grid, here.start));
  const menu = here ? (
    <BarMenu
      key={bar}
      count={count}
      bar={bar}
      number={numberOnPage(clock, count.grid, here.start) ?? bar + 1}
      hits={editing.edit.hits}
      clipboard={clipboard}
      isWaiting={isCountedAnew(editing.wish)}
      words={
        clock && measure !== undefined && measure >= 0 ? (
          <WordsOfBar
            settings={{ ...result.settings, ...said(editing.wish) }}
            measures={clock.map.measures}
            bar={measure}
            onChange={(change) => {
              if (Object.keys(change).length > 0) editing.change(change);
              setAt(null);
            }}
          />
        ) : null
      }
      onCopy={setClipboard}
      dispatch={editing.dispatch}
      onMarks={(marks) => editing.change({ bars: wishOf(marks, result) })}
      onFirstLine={(beats) => {
        const change = firstLineLater(beats, result, { ...result.settings, ...editing.wish });
        return change && (() => editing.change(change));
      }}
      onClose={() => setAt(null)}
    />
  ) : null;
  return { open: setAt, menu };
}

/** Words that were asked for and are not written yet. */
const said = ({ section_names, bar_texts }: Editing["wish"]) => ({
  ...(section_names === undefined ? {} : { section_names }),
  ...(bar_texts === undefined ? {} : { bar_texts }),
});
