import { Button } from "@/components/ui/Button";
import { durationWords, fileSize } from "@/lib/format";
import { say } from "@/words";
import { acceptWords } from "./accepted";
import type { Limits } from "./checkFile";
import { FolderButton } from "./FolderButton";
import { LinkForm } from "./LinkForm";
import type { Found } from "./many/found";

/** The ways to a page beside the pad: a link, the example, a folder; and what is taken at all. */
export function WaysIn({
  limits, onLink, onExample, onFiles,
}: {
  /** undefined: not known yet. */
  limits: Limits | undefined;
  onLink: (url: string) => void;
  onExample: () => void;
  onFiles: (found: Found[]) => void;
}) {
  return (
    <div className="flex flex-col gap-5">
      {limits?.sound_links_enabled ? <LinkForm takesVideos={limits.links_enabled} onLink={onLink} /> : null}
      <p className="flex flex-wrap items-center gap-x-4 gap-y-2 text-ink-soft">
        <Button onClick={onExample}>{say("start.try_example")}</Button>
        <span>{say("start.try_example_help")}</span>
      </p>
      <FolderButton onFiles={onFiles} />
      <p className="text-sm text-ink-faint">
        {limits
          ? `${say("start.accepted_up_to", {
              kinds: acceptWords(),
              size: fileSize(limits.max_file_size_bytes),
              length: durationWords(limits.max_duration_seconds),
            })} ${keptWords(limits.retention_hours)}`
          : say("start.accepted_only", { kinds: acceptWords() })}
      </p>
    </div>
  );
}

function keptWords(hours: number): string {
  if (hours === 0) return say("start.stay");
  return hours < 48
    ? say("start.deleted_after_hours", { count: Math.round(hours) })
    : say("start.deleted_after_days", { count: Math.round(hours / 24) });
}
