import type { ApiProblem } from "@/api/problem";
import { Button } from "@/components/ui/Button";
import { Notice } from "@/components/ui/Notice";
import { say } from "@/words";
import { refusalWords } from "./refusals";

/** Why the service did not take a song, and the ways on. */
export function Refused({
  problem, onRetry, onStartOver,
}: { problem: ApiProblem; onRetry: () => void; onStartOver: () => void }) {
  const { title, help } = refusalWords(problem);
  return (
    <Notice
      kind="alarm"
      title={title}
      actions={
        <>
          {problem.isPassing ? (
            <Button look="primary" onClick={onRetry}>
              {say("common.try_again")}
            </Button>
          ) : null}
          <Button onClick={onStartOver}>{say("start.take_another")}</Button>
        </>
      }
    >
      {help}
    </Notice>
  );
}
