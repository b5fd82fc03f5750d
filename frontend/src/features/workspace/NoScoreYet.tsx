import { Button } from "@/components/ui/Button";
import { Notice } from "@/components/ui/Notice";
import { say } from "@/words";

/** Where the score will stand: it is on its way, or did not come. */
export function NoScoreYet({ error, onAgain }: { error: Error | null; onAgain: () => void }) {
  if (!error) {
    return (
      <p role="status" className="py-20 text-center text-ink-soft">
        {say("job.loading_score")}
      </p>
    );
  }
  return (
    <Notice
      kind="alarm"
      title={say("workspace.score_not_loaded")}
      actions={<Button onClick={onAgain}>{say("common.try_again")}</Button>}
    >
      {error.message}
    </Notice>
  );
}
