import { useEffect, useRef } from "react";
import { Button } from "@/components/ui/Button";
import { Notice } from "@/components/ui/Notice";
import { say } from "@/words";
import type { Bringing } from "./useBringBack";

/** What a score that was brought back changed, and the way back; or why it was not taken. */
export function BroughtNotice({ bringing, version }: { bringing: Bringing; version: number }) {
  const { last, wasUndone, error } = bringing;
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // On a phone it would stand below what is seen.
    if (last || error) place.current?.scrollIntoView({ block: "center" });
  }, [last, error]);
  return last || wasUndone || error ? (
    <div ref={place}>
      <NoticeOf bringing={bringing} version={version} />
    </div>
  ) : null;
}

function NoticeOf({ bringing, version }: { bringing: Bringing; version: number }) {
  const { undo, isBusy, last, error, close } = bringing;
  if (error) {
    return (
      <Notice
        kind="alarm"
        title={say("bring.refused")}
        actions={<Button onClick={close}>{say("common.close")}</Button>}
      >
        {error.message} {say("bring.nothing_changed")}
      </Notice>
    );
  }
  if (!last) {
    return (
      <p role="status" className="text-sm text-ink-soft">
        {say("bring.undone")}
      </p>
    );
  }
  const { brought } = last;
  return (
    <Notice
      title={say("bring.done", { name: last.name })}
      actions={
        <>
          {/* Later edits would go with it: they have an undo of their own. */}
          {last.version === version ? (
            <Button look="primary" disabled={isBusy} onClick={() => undo(last)}>
              {say("editor.undo")}
            </Button>
          ) : null}
          <Button onClick={close}>{say("common.close")}</Button>
        </>
      }
    >
      <p>
        {say("bring.changes", brought)} {say(`bring.aligned_${brought.aligned_by}`)}
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
