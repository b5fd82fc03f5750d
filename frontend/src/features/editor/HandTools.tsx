import type { Dispatch } from "react";
import type { Hit } from "@/api/client";
import { Button } from "@/components/ui/Button";
import { alternating, HAND_LETTERS, handOf, HANDS } from "@/music/sticking";
import { say } from "@/words";
import { CONTROL } from "./control";
import type { EditAction } from "./edits";

const PATTERN = (["right", "left", "right", "left"] as const).map((hand) => HAND_LETTERS[hand]).join(" ");

interface HandToolsProps {
  /** The chosen notes, by time; at least one. */
  chosen: readonly Hit[];
  dispatch: Dispatch<EditAction>;
}

/** Which hand plays the chosen notes: one for all of them, or both in turn. */
export function HandTools({ chosen, dispatch }: HandToolsProps) {
  const hand = chosen[0] ? handOf(chosen[0]) : null;
  const isSame = chosen.every((hit) => handOf(hit) === hand);
  return (
    <>
      <label className="flex items-center gap-2">
        {say("editor.hand")}
        <select
          className={`${CONTROL} field-sizing-content`}
          value={isSame ? (hand ?? "none") : ""}
          onChange={(event) => {
            const next = HANDS.find((one) => one === event.target.value) ?? null;
            dispatch({ kind: "stick", hand: () => next });
          }}
        >
          {isSame ? null : <option value="">{say("editor.several")}</option>}
          <option value="none">{say("editor.no_hand")}</option>
          {HANDS.map((one) => (
            <option key={one} value={one}>
              {`${HAND_LETTERS[one]} – ${say(`music.hand.${one}`)}`}
            </option>
          ))}
        </select>
      </label>
      {chosen.length > 1 ? (
        <Button className="px-3" title={say("editor.alternate")} onClick={() => dispatch(inTurn(chosen))}>
          {PATTERN}
        </Button>
      ) : null}
    </>
  );
}

/** Right and left in turn over these notes; pressed again, left first. */
export function inTurn(chosen: readonly Hit[]): EditAction {
  const hands = alternating(chosen);
  return { kind: "stick", hand: (hit) => hands.get(hit.id) ?? handOf(hit) };
}
