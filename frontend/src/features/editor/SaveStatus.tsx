"use client";

import type { ReactNode } from "react";
import { Button } from "@/components/ui/Button";
import { Notice } from "@/components/ui/Notice";
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

function stateWords({ save, isDirty, edit }: Editing): string {
  if (edit.hits.length === 0) {
    return "A score needs at least one note: nothing is saved until there is one.";
  }
  if (save.kind === "saving") return "Saving ...";
  return isDirty ? "Not saved yet" : "All changes are saved";
}

function noticeOf(editing: Editing): ReactNode {
  const { save } = editing;
  switch (save.kind) {
    case "conflict":
      return (
        <Notice
          kind="alarm"
          title="This score was changed in another window"
          actions={
            <>
              <Button onClick={() => void editing.keepMine()}>Keep what is here</Button>
              <Button onClick={() => void editing.loadTheirs()}>Take the other one</Button>
            </>
          }
        >
          Both cannot stay. What is here is kept in this browser until you choose.
        </Notice>
      );
    case "offline":
      return (
        <Notice
          kind="care"
          title={save.words ? "It cannot be saved just now" : "The service does not answer"}
          actions={<Button onClick={() => void editing.tryAgain()}>Try now</Button>}
        >
          {save.words} Your edits are kept in this browser and are sent as soon as{" "}
          {save.words ? "it can take them" : "it is back"}.
        </Notice>
      );
    case "refused":
      return (
        <Notice
          kind="alarm"
          title="The page could not be written"
          actions={<Button onClick={() => void editing.tryAgain()}>Try again</Button>}
        >
          {save.words} Your edits are kept in this browser.
        </Notice>
      );
    default:
      return null;
  }
}
