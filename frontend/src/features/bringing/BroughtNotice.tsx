import { Button } from "@/components/ui/Button";
import { Notice } from "@/components/ui/Notice";
import type { Bringing } from "./useBringBack";
import { ALIGNED, changesWords, WORDS } from "./words";

/** What a score that was brought back changed, and the way back; or why it was not taken. */
export function BroughtNotice({ bringing, version }: { bringing: Bringing; version: number }) {
  const { undo, isBusy, last, wasUndone, error, close } = bringing;
  if (error) {
    return (
      <Notice
        kind="alarm"
        title={WORDS.refused}
        actions={<Button onClick={close}>{WORDS.close}</Button>}
      >
        {error.message} {WORDS.nothingChanged}
      </Notice>
    );
  }
  if (!last) {
    return wasUndone ? (
      <p role="status" className="text-sm text-ink-soft">
        {WORDS.undone}
      </p>
    ) : null;
  }
  const { brought } = last;
  return (
    <Notice
      title={WORDS.done(last.name)}
      actions={
        <>
          {/* Later edits would go with it: they have an undo of their own. */}
          {last.version === version ? (
            <Button look="primary" disabled={isBusy} onClick={() => undo(last)}>
              {WORDS.undo}
            </Button>
          ) : null}
          <Button onClick={close}>{WORDS.close}</Button>
        </>
      }
    >
      <p>
        {changesWords(brought)} {ALIGNED[brought.aligned_by]}
      </p>
      {brought.notices.length > 0 ? (
        <ul className="mt-1 list-disc pl-5">
          {brought.notices.map((notice) => (
            <li key={notice}>{notice}</li>
          ))}
        </ul>
      ) : null}
    </Notice>
  );
}
