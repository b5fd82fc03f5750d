import { Suspense } from "react";
import { Button } from "@/components/ui/Button";
import { Notice } from "@/components/ui/Notice";
import { say } from "@/words";
import { Refused } from "./chosenLater";
import type { SubmissionState } from "./useSubmission";

/** What keeps a song from being handed in, and what can be done about it. */
export function Troubles({
  mistake,
  isServiceGone,
  state,
  onLookAgain,
  onRetry,
  onStartOver,
}: {
  /** What is wrong with the choice itself. */
  mistake: string | null;
  isServiceGone: boolean;
  state: SubmissionState;
  onLookAgain: () => void;
  onRetry: () => void;
  onStartOver: () => void;
}) {
  return (
    <div className="contents" aria-live="polite">
      {mistake ? <Notice kind="care" title={say("start.will_not_work")}>{mistake}</Notice> : null}
      {isServiceGone ? (
        <Notice
          kind="alarm"
          title={say("common.no_answer")}
          actions={<Button onClick={onLookAgain}>{say("common.try_again")}</Button>}
        >
          {say("start.nobody_listening")}
        </Notice>
      ) : null}
      {state.phase === "interrupted" ? (
        <Notice
          kind="alarm"
          title={say("start.interrupted")}
          actions={
            <>
              <Button look="primary" onClick={onRetry}>
                {say("start.send_again")}
              </Button>
              <Button onClick={onStartOver}>{say("start.leave_it")}</Button>
            </>
          }
        >
          {say("start.interrupted_help")}
        </Notice>
      ) : null}
      {state.phase === "refused" ? (
        <Suspense>
          <Refused problem={state.problem} onRetry={onRetry} onStartOver={onStartOver} />
        </Suspense>
      ) : null}
    </div>
  );
}
