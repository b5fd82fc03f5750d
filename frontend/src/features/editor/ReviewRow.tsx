import { useState } from "react";
import type { Hit } from "@/api/client";
import { Button } from "@/components/ui/Button";
import { placeWords } from "@/music/barWords";
import { instrumentColour, instrumentInText, instrumentName } from "@/music/instruments";
import type { OpenGroup } from "@/music/review";
import { INSTRUMENTS } from "@/music/staffOrder";
import { say } from "@/words";
import type { EditAction } from "./edits";
import { CONTROL } from "./control";

interface ReviewRowProps {
  group: OpenGroup;
  dispatch: (action: EditAction) => void;
  onDismiss: (offers: readonly Hit[]) => void;
  onListen: (stroke: Hit) => void;
  barAt: (seconds: number) => number | null;
}

/** One group: hear it stroke by stroke, then decide about all of it, or about the stroke that is heard. */
export function ReviewRow({ group, dispatch, onDismiss, onListen, barAt }: ReviewRowProps) {
  const { kind, strokes, instrument } = group;
  const [heard, setHeard] = useState<Hit | null>(null);
  // It may have been decided about meanwhile.
  const current = heard && strokes.some(({ id }) => id === heard.id) ? heard : null;
  const listen = () => {
    const next = strokes.find(({ time }) => time > (heard?.time ?? -1)) ?? strokes[0];
    if (!next) return;
    setHeard(next);
    onListen(next);
  };
  const on = (some: readonly Hit[], action: EditAction) => {
    dispatch({ kind: "select", keys: some.map(({ id }) => id), mode: "only" });
    dispatch(action);
  };
  const accept = (some: readonly Hit[]) =>
    kind === "doubtful" ? on(some, { kind: "confirm" }) : dispatch({ kind: "take", hits: some });
  const refuse = (some: readonly Hit[]) => (kind === "doubtful" ? on(some, { kind: "remove" }) : onDismiss(some));
  const words = groupWords(group);
  const isDoubtful = kind === "doubtful";
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 py-2.5">
      <span className="flex min-w-0 flex-1 basis-64 items-center gap-2.5">
        <svg viewBox="0 0 16 16" className="size-4 shrink-0" aria-hidden="true">
          <circle
            cx="8"
            cy="8"
            r="6"
            fill={isDoubtful ? instrumentColour(instrument) : "none"}
            stroke={instrumentColour(instrument)}
            strokeWidth="2"
            strokeDasharray={isDoubtful ? undefined : "3 2"}
          />
        </svg>
        <span>
          {words}
          <span className="block text-sm text-ink-soft">
            {say(isDoubtful ? "review.on_the_page" : "review.nearly_heard", { percent: Math.round(group.chance * 100) })}
          </span>
        </span>
      </span>
      <span role="group" aria-label={words} className="flex flex-wrap items-center gap-2 text-sm">
        <Button className="px-4" onClick={listen}>
          {current
            ? say("review.listen_next", { index: strokes.indexOf(current) + 1, count: strokes.length })
            : say("review.listen")}
        </Button>
        <Button className="px-4" onClick={() => accept(strokes)}>
          {say(isDoubtful ? "review.all_right" : "review.put_in")}
        </Button>
        <Button className="px-4" onClick={() => refuse(strokes)}>
          {say(isDoubtful ? "review.remove_all" : "review.not_there")}
        </Button>
        {isDoubtful ? (
          <select
            aria-label={say("review.change_to")}
            className={CONTROL}
            value=""
            onChange={(event) => {
              const other = INSTRUMENTS.find((one) => one === event.target.value);
              if (other) on(strokes, { kind: "set", change: { instrument: other } });
            }}
          >
            <option value="">{say("review.change_to")}</option>
            {INSTRUMENTS.filter((one) => one !== instrument).map((one) => (
              <option key={one} value={one}>
                {instrumentName(one)}
              </option>
            ))}
          </select>
        ) : null}
        {current && strokes.length > 1 ? (
          <span className="flex basis-full flex-wrap items-center gap-2 text-ink-soft">
            {say("review.this_one", { bar: barAt(current.time) ?? "?" })}
            <Button look="bare" className="px-3" onClick={() => accept([current])}>
              {say(isDoubtful ? "review.is_right" : "review.put_it_in")}
            </Button>
            <Button look="bare" className="px-3" onClick={() => refuse([current])}>
              {say(isDoubtful ? "editor.remove" : "review.not_there")}
            </Button>
          </span>
        ) : null}
      </span>
    </li>
  );
}

function groupWords({ instrument, beat, strokes }: OpenGroup): string {
  const place = beat === null ? say("review.scattered") : placeWords(beat - 1);
  return say("review.group", { count: strokes.length, drum: instrumentInText(instrument), place });
}
