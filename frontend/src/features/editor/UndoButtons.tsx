import { Button } from "@/components/ui/Button";
import { say } from "@/words";
import type { Editing } from "./useEditing";

/** One step back and forth, whatever it was: notes, tempo, metre, looks. What it is stands in the tooltip. */
export function UndoButtons({ editing }: { editing: Editing }) {
  const { edit, dispatch } = editing;
  const [last, next] = [edit.past.at(-1), edit.future.at(-1)];
  return (
    <>
      <Button className="px-4" disabled={!last} title={last?.words} onClick={() => dispatch({ kind: "undo" })}>
        {say("editor.undo")}
      </Button>
      <Button className="px-4" disabled={!next} title={next?.words} onClick={() => dispatch({ kind: "redo" })}>
        {say("editor.redo")}
      </Button>
    </>
  );
}
