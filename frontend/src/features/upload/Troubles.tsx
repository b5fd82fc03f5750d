import { Button } from "@/components/ui/Button";
import { Notice } from "@/components/ui/Notice";
import { refusalWords } from "./refusals";
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
      {mistake ? <Notice kind="care" title="That will not work">{mistake}</Notice> : null}
      {isServiceGone ? (
        <Notice
          kind="alarm"
          title="The service does not answer"
          actions={<Button onClick={onLookAgain}>Try again</Button>}
        >
          The page is here, but nobody is listening behind it. Is DrumScribe still running?
        </Notice>
      ) : null}
      {state.phase === "interrupted" ? (
        <Notice
          kind="alarm"
          title="The upload was interrupted"
          actions={
            <>
              <Button look="primary" onClick={onRetry}>
                Send it again
              </Button>
              <Button onClick={onStartOver}>Leave it</Button>
            </>
          }
        >
          Nothing is lost, and nothing is done twice. It goes on by itself when the network is
          back.
        </Notice>
      ) : null}
      {state.phase === "refused" ? (
        <Notice
          kind="alarm"
          title={refusalWords(state.problem).title}
          actions={
            <>
              {state.problem.isPassing ? (
                <Button look="primary" onClick={onRetry}>
                  Try again
                </Button>
              ) : null}
              <Button onClick={onStartOver}>Take another song</Button>
            </>
          }
        >
          {refusalWords(state.problem).help}
        </Notice>
      ) : null}
    </div>
  );
}
