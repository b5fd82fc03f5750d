import type { ReactNode } from "react";
import { Button } from "@/components/ui/Button";
import { SaveStatus } from "@/features/editor/SaveStatus";
import { UndoButtons } from "@/features/editor/UndoButtons";
import type { Editing } from "@/features/editor/useEditing";
import { say } from "@/words";

/** What is open beside the score. */
export type Panel = "none" | "edit" | "settings";

const TAB =
  "min-h-11 cursor-pointer rounded-full border border-line-strong px-4 aria-pressed:border-pad aria-pressed:bg-pad aria-pressed:text-white";

interface ToolsProps {
  editing: Editing;
  canEdit: boolean;
  panel: Panel;
  onPanel: (panel: Panel) => void;
  showsDoubt: boolean;
  onShowsDoubt: (shows: boolean) => void;
  doubtful: number;
  onNextDoubtful: () => void;
  onHelp: () => void;
  /** The menu of the bar that one is at. */
  onBarMenu: () => void;
  onStand: () => void;
  /** More buttons of the same row. */
  more: ReactNode;
}

/** What can be done with the page: the panels that open, and where the edits are. */
export function Tools({
  editing, canEdit, panel, onPanel, showsDoubt, onShowsDoubt, doubtful, onNextDoubtful, onHelp, onBarMenu, onStand, more,
}: ToolsProps) {
  const tab = (name: Panel, words: string) => (
    <button
      type="button"
      className={TAB}
      aria-pressed={panel === name}
      onClick={() => onPanel(panel === name ? "none" : name)}
    >
      {words}
    </button>
  );
  const { past, future, said } = editing.edit;
  const hasSteps = past.length + future.length > 0;
  return (
    <div role="group" aria-label={say("workspace.tools")} className="flex flex-wrap items-center gap-2 print:hidden">
      {canEdit ? tab("edit", say("workspace.correct")) : null}
      {canEdit ? tab("settings", say("settings.title")) : null}
      {canEdit ? (
        <Button className="px-4" aria-haspopup="dialog" onClick={onBarMenu}>
          {say("bars.open")}
        </Button>
      ) : null}
      {/* The open grid has its own. */}
      {canEdit && hasSteps && panel !== "edit" ? <UndoButtons editing={editing} /> : null}
      <button
        type="button"
        className={TAB}
        aria-pressed={showsDoubt}
        onClick={() => onShowsDoubt(!showsDoubt)}
      >
        {say("workspace.doubtful", { count: doubtful })}</button>
      <Button className="px-4" disabled={doubtful === 0} onClick={onNextDoubtful}>
        {say("workspace.next_doubtful")}
      </Button>
      <Button className="px-4" onClick={onStand}>
        {say("workspace.on_the_stand")}
      </Button>
      {more}
      <Button look="bare" className="px-4 max-sm:hidden" onClick={onHelp}>
        {say("keys.title")}
      </Button>
      {canEdit ? <SaveStatus editing={editing} /> : null}
      <p aria-live="polite" className="sr-only">
        {said}
      </p>
    </div>
  );
}
