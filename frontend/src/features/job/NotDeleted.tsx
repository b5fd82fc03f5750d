import { Notice } from "@/components/ui/Notice";
import { say } from "@/words";

/** Why a song is still there; nothing where none was to go, or it went. */
export function NotDeleted({ error }: { error: Error | null }) {
  if (!error) return null;
  return (
    <div className="mt-4">
      <Notice kind="alarm" title={say("job.not_deleted")}>
        {error.message}
      </Notice>
    </div>
  );
}
