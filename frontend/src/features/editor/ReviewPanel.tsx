import { useEffect, useRef, useState } from "react";
import type { Hit } from "@/api/client";
import { Button } from "@/components/ui/Button";
import { roundly, type OpenGroup } from "@/music/review";
import { say } from "@/words";
import type { EditAction } from "./edits";
import { ReviewRow } from "./ReviewRow";

const SHOWN_AT_FIRST = 8;

interface ReviewPanelProps {
  groups: readonly OpenGroup[];
  /** Notes of the page. */
  total: number;
  /** The grid is docked below: there is little room for the list, which scrolls then. */
  isShort: boolean;
  canUndo: boolean;
  dispatch: (action: EditAction) => void;
  onDismiss: (offers: readonly Hit[]) => void;
  /** Two bars from the one of a stroke are played, and the stroke is shown. */
  onListen: (stroke: Hit) => void;
  /** The number of the bar that sounds at a time. */
  barAt: (seconds: number) => number | null;
}

/** What to check, group by group: doubtful notes, and notes that were nearly heard. */
export function ReviewPanel({ groups, total, isShort, canUndo, dispatch, onDismiss, onListen, barAt }: ReviewPanelProps) {
  const [showsAll, setShowsAll] = useState(false);
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    // Else it opens behind the grid.
    if (isShort) panel.current?.scrollIntoView({ block: "nearest" });
  }, [isShort]);
  const count = (kind: OpenGroup["kind"]) =>
    groups.filter((group) => group.kind === kind).reduce((sum, { strokes }) => sum + strokes.length, 0);
  const doubtful = count("doubtful");
  const offered = count("offered");
  const shown = showsAll ? groups : groups.slice(0, SHOWN_AT_FIRST);
  return (
    <section ref={panel} aria-label={say("review.title")} className="scroll-mb-[42dvh] grid gap-3 rounded-2xl border border-line bg-stand p-4 print:hidden sm:px-5">
      <div className="flex flex-wrap items-start justify-between gap-3">
        <div>
        <h2 className="font-display text-lg font-semibold">
          {doubtful > 0 ? say("review.headline", { count: roundly(doubtful), total }) : say("review.nothing_doubtful")}
        </h2>
        <p className="mt-1 max-w-prose text-sm text-ink-soft">
          {offered > 0 ? `${say("review.offered", { count: offered })} ` : ""}
          {groups.length > 0 && !isShort ? say("review.help") : ""}
        </p>
        </div>
        <Button className="px-4 text-sm" disabled={!canUndo} onClick={() => dispatch({ kind: "undo" })}>
          {say("editor.undo")}
        </Button>
      </div>
      <ul className={`divide-y divide-line ${isShort ? "max-h-[18dvh] overflow-y-auto" : ""}`}>
        {shown.map((group) => (
          <ReviewRow
            key={group.key}
            group={group}
            dispatch={dispatch}
            onDismiss={onDismiss}
            onListen={onListen}
            barAt={barAt}
          />
        ))}
      </ul>
      {groups.length > shown.length ? (
        <Button className="justify-self-start" onClick={() => setShowsAll(true)}>
          {say("review.show_all", { count: groups.length - shown.length })}
        </Button>
      ) : null}
    </section>
  );
}
