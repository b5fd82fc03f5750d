"use client";

import type { ReactNode } from "react";
import { Button } from "@/components/ui/Button";
import { Notice } from "@/components/ui/Notice";
import { say } from "@/words";
import type { Editing } from "./useEditing";

/** Where the edits are, in words; what to do where they are not safe yet. */
export function SaveStatus({ editing }: { editing: Editing }) {
  const notice = noticeOf(editing);
  // On a line of its own: it stands among buttons.
  if (notice) return <div className="basis-full">{notice}</div>;
  return (
    <p role="status" data-testid="save-state" className="text-sm text-ink-soft">
      {stateWords(editing)}
    </p>
  );
}

function stateWords({ save, isDirty, wish, edit, isHistoryLost }: Editing): string {
  if (edit.hits.length === 0) {
    return say("editor.needs_a_note");
  }
  if (save.kind === "saving") return say("common.saving");
  if (isDirty || Object.keys(wish).length > 0) return say("editor.not_saved_yet");
  return isHistoryLost ? say("editor.history_lost") : say("editor.all_saved");
}

function noticeOf(editing: Editing): ReactNode {
  const { save } = editing;
  switch (save.kind) {
    case "conflict":
      return (
        <Notice
          kind="alarm"
          title={say("editor.conflict")}
          actions={
            <>
              <Button onClick={() => void editing.keepMine()}>{say("editor.keep_mine")}</Button>
              <Button onClick={() => void editing.loadTheirs()}>{say("editor.take_other")}</Button>
            </>
          }
        >
          {say("editor.conflict_help")}
        </Notice>
      );
    case "offline":
      return (
        <Notice
          kind="care"
          title={save.words ? say("editor.not_now") : say("common.no_answer")}
          actions={<Button onClick={() => void editing.tryAgain()}>{say("editor.try_now")}</Button>}
        >
          {save.words ? say("editor.busy_help", { words: save.words }) : say("editor.offline_help")}
        </Notice>
      );
    case "refused":
      return (
        <Notice
          kind="alarm"
          title={say("editor.not_written")}
          actions={<Button onClick={() => void editing.tryAgain()}>{say("common.try_again")}</Button>}
        >
          {say("editor.refused_help", { words: save.words })}
        </Notice>
      );
    default:
      return null;
  }
}
