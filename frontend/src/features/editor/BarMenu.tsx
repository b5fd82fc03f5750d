"use client";

import { useState, type Dispatch, type ReactNode } from "react";
import type { Hit } from "@/api/client";
import { Button } from "@/components/ui/Button";
import { useModal } from "@/components/ui/useModal";
import {
  barAt, barInserted, barsOf, barTakenOut, inMetre, lineMoved, metreOf, possibleMetres, type BarMark, type Count,
} from "@/music/bars";
import { beatAt } from "@/music/beatGrid";
import { stepsOf } from "@/music/movedLines";
import { say } from "@/words";
import { AllAfter } from "./AllAfter";
import { copied, played, type CopiedBar } from "./barStrokes";
import { field } from "./Choice";
import type { EditAction } from "./edits";

const METRES = ["1/4", "2/4", "3/4", "4/4", "5/4", "6/4", "3/8", "5/8", "6/8", "7/8", "9/8", "11/8", "12/8"];
const CHOICE = "px-4 text-sm";

interface BarMenuProps {
  count: Count;
  /** Index of the bar; its number on the page. */
  bar: number;
  number: number;
  hits: readonly Hit[];
  clipboard: CopiedBar | null;
  /** Another count is being written: what was said of these bars would take its place. */
  isWaiting: boolean;
  onCopy: (bar: CopiedBar) => void;
  dispatch: Dispatch<EditAction>;
  /** What names its section and stands over it. */
  words: ReactNode;
  /** Bar lines as they are to be. */
  onMarks: (marks: readonly BarMark[]) => void;
  /** The first line so many beats later, and all others with it: it has nothing before it. null where it cannot be moved so far. */
  onFirstLine: (beats: number) => (() => void) | null;
  onClose: () => void;
}

/** What can be done with one bar: its notes, its metre, its bar line, and whether it is there at all. */
export function BarMenu({
  count, bar, number, hits, clipboard, isWaiting, words: wordsOfBar, onCopy, dispatch, onMarks, onFirstLine, onClose,
}: BarMenuProps) {
  const modal = useModal(onClose);
  const { grid } = count;
  const bars = barsOf(grid);
  const here = bars[bar];
  const written = metreOf(here ?? { beats: 0 }, count);
  const [metre, setMetre] = useState(written);
  const [movesAll, setMovesAll] = useState(true);
  if (!here) return null;
  const scope = movesAll ? "on" : "bar";
  const from = clipboard ? barAt(bars, beatAt(grid, clipboard.seconds)) : -1;
  const up = bars.slice(from + 1, bar + 1);

  const act = (name: string, action: (() => void) | null) => (
    <Button
      key={name}
      className={CHOICE}
      disabled={!action}
      onClick={() => {
        action?.();
        onClose();
      }}
    >
      {name}
    </Button>
  );
  const edit = (to: typeof bars, what: CopiedBar | null, words: string) => () =>
    dispatch(played(hits, grid, to, what, words));
  const set = (marks: BarMark[] | null) => (marks && !isWaiting ? () => onMarks(marks) : null);
  const moves =
    bar > 0
      ? movesOf(stepsOf(count)).map(({ beats, words }) => act(words, set(lineMoved(count, bar, beats, scope))))
      : movesOf({ whole: 1, half: null }).map(({ beats, words }) => act(words, isWaiting ? null : onFirstLine(beats)));

  return (
    <dialog
      {...modal}
      aria-labelledby="bar-menu-title"
      onClick={(event) => event.target === event.currentTarget && onClose()}
      className="m-auto w-[min(40rem,100vw)] max-w-full rounded-3xl border border-line bg-page text-ink shadow-2xl backdrop:bg-black/30 max-sm:mb-0 max-sm:rounded-b-none"
    >
      <div className="grid gap-3 p-5 sm:gap-4 sm:p-6">
        <div className="flex items-start justify-between gap-4">
          <h2 id="bar-menu-title" className="text-xl leading-11 font-semibold">
            {say("bars.title", { bar: number })} <span className="ml-2 text-base font-normal text-ink-soft">{written}</span>
          </h2>
          <Button onClick={onClose}>{say("common.close")}</Button>
        </div>
        <Part title={say("bars.notes")}>
          {act(say("bars.copy"), () => onCopy(copied(hits, grid, here, number)))}
          {act(say("bars.clear"), edit([here], null, say("bars.cleared", { bar: number })))}
          {clipboard && from !== bar
            ? act(
                say("bars.replace", { bar: clipboard.number }),
                edit([here], clipboard, say("bars.replaced", { bar: number })),
              )
            : null}
          {clipboard && from >= 0 && up.length > 1
            ? act(
                say("bars.repeat", { bar: clipboard.number }),
                edit(up, clipboard, say("bars.repeated", { bar: clipboard.number })),
              )
            : null}
        </Part>
        {wordsOfBar ? <Part title={say("editor.words")}>{wordsOfBar}</Part> : null}
        <Part title={say("music.metre")}>
          <select
            aria-label={say("music.metre")}
            className={field}
            value={metre}
            onChange={(event) => setMetre(event.target.value)}
          >
            {[...new Set([...possibleMetres(count, METRES), written])].map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
          {act(say("bars.this_bar"), metre === written ? null : set(inMetre(count, bar, metre, "bar")))}
          {act(say("bars.from_here"), set(inMetre(count, bar, metre, "on")))}
        </Part>
        <Part title={say("bars.line")}>
          {moves}
          {bar > 0 ? <AllAfter movesAll={movesAll} onMovesAll={setMovesAll} /> : null}
        </Part>
        <Part title={say("bars.bar")}>
          {act(say("bars.insert", { metre }), set(barInserted(count, bar, metre)))}
          {act(say("bars.take_out"), set(barTakenOut(count, bar)))}
          {count.marks.length > 0 ? act(say("bars.as_found"), set([])) : null}
        </Part>
        <p className="text-sm text-ink-soft">{say("bars.help")}</p>
      </div>
    </dialog>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title}>
      <h3 className="mb-1.5 text-sm font-semibold text-ink-soft">{title}</h3>
      <div className="flex flex-wrap items-center gap-2">{children}</div>
    </section>
  );
}

/** By how much a line may be moved, in words. */
function movesOf({ whole, half }: ReturnType<typeof stepsOf>): { beats: number; words: string }[] {
  return [
    { beats: -whole, words: say("bars.beat_earlier") },
    ...(half ? [{ beats: -half, words: say("bars.half_earlier") }, { beats: half, words: say("bars.half_later") }] : []),
    { beats: whole, words: say("bars.beat_later") },
  ];
}
