import type { Dispatch } from "react";
import type { Hit } from "@/api/client";
import { Button } from "@/components/ui/Button";
import { instrumentName } from "@/music/instruments";
import { INSTRUMENTS } from "@/music/staffOrder";
import { articulationsOf } from "@/music/strokes";
import { say } from "@/words";
import { CONTROL } from "./control";
import type { EditAction } from "./edits";
import { HandTools } from "./HandTools";

interface SelectionToolsProps {
  /** The chosen notes, by time. */
  chosen: readonly Hit[];
  dispatch: Dispatch<EditAction>;
}

/**
 * What can be done with the chosen notes: another drum, kind, loudness, hand; confirm, remove.
 *
 * All of it has one line on a desktop, in every language, so that the score above keeps its room: what says
 * itself (a drum, its kind) has a name for who hears the page only, and fields are as wide as their choice.
 */
export function SelectionTools({ chosen, dispatch }: SelectionToolsProps) {
  const one = chosen[0];
  if (!one) {
    return (
      <span className="text-ink-soft max-sm:w-full max-sm:text-xs">
        {say("editor.nothing_selected")}
      </span>
    );
  }
  const isSame = chosen.every((hit) => hit.instrument === one.instrument);
  return (
    <>
      <span className="font-semibold">
        {say("count.notes", { count: chosen.length })}
      </span>
      <label>
        <span className="sr-only">{say("editor.drum")}</span>
        <select
          className={`${CONTROL} field-sizing-content`}
          value={isSame ? one.instrument : ""}
          onChange={(event) => {
            const instrument = INSTRUMENTS.find((each) => each === event.target.value);
            if (instrument) dispatch({ kind: "set", change: { instrument } });
          }}
        >
          {isSame ? null : <option value="">{say("editor.several")}</option>}
          {INSTRUMENTS.map((instrument) => (
            <option key={instrument} value={instrument}>
              {instrumentName(instrument)}
            </option>
          ))}
        </select>
      </label>
      {isSame ? (
        <label>
          <span className="sr-only">{say("editor.kind")}</span>
          <select
            className={`${CONTROL} field-sizing-content`}
            value={one.articulation ?? ""}
            onChange={(event) => {
              const articulation =
                articulationsOf(one.instrument).find((kind) => kind === event.target.value) ?? null;
              dispatch({ kind: "set", change: { articulation } });
            }}
          >
            {articulationsOf(one.instrument).map((kind) => (
              <option key={kind ?? ""} value={kind ?? ""}>
                {kind ? say(`music.articulation.${kind}`) : say("editor.plain")}
              </option>
            ))}
          </select>
        </label>
      ) : null}
      <label className="flex items-center gap-2">
        {say("editor.loudness")}
        <input
          key={chosen.map((hit) => hit.id).join()}
          type="range"
          min={5}
          max={100}
          defaultValue={Math.round(one.velocity * 100)}
          className="w-20 accent-(--bronze)"
          onPointerUp={(event) =>
            dispatch({ kind: "set", change: { velocity: Number(event.currentTarget.value) / 100 } })
          }
          onKeyUp={(event) =>
            dispatch({ kind: "set", change: { velocity: Number(event.currentTarget.value) / 100 } })
          }
        />
      </label>
      <HandTools chosen={chosen} dispatch={dispatch} />
      <Button className="px-4" onClick={() => dispatch({ kind: "remove" })}>
        {say("editor.remove")}
      </Button>
      {chosen.length === 1 && one.confidence < 1 ? (
        <span className="text-ink-soft">
          {say("editor.sure", { percent: Math.round(one.confidence * 100) })}{" "}
          <button
            type="button"
            className="cursor-pointer underline"
            onClick={() => dispatch({ kind: "set", change: {} })}
          >
            {say("editor.it_is_right")}
          </button>
        </span>
      ) : null}
    </>
  );
}
