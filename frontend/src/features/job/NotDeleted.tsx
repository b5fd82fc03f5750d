import { Notice } from "@/components/ui/Notice";
import { say } from "@/words";

interface Failed {
  error: Error | null;
}

/** Why a song is still there; nothing where none was to go, or it went. */
export const NotDeleted = ({ error }: Failed) => <StillThere title={say("job.not_deleted")} error={error} />;

/** Why a song still goes on. */
export const NotCancelled = ({ error }: Failed) => <StillThere title={say("job.not_cancelled")} error={error} />;

function StillThere({ title, error }: Failed & { title: string }) {
  if (!error) return null;
  return (
    <div className="mt-4">
      <Notice kind="alarm" title={title}>
        {error.message}
      </Notice>
    </div>
  );
}
