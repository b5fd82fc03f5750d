import type { JobResult } from "@/api/client";
import { Button } from "@/components/ui/Button";
import { say } from "@/words";
import { countOffers } from "./otherCounts";
import type { Editing } from "./useEditing";

/** Other ways to count the song, one press each; nothing where the page knows of none. */
export function OtherCounts({ result, editing }: { result: JobResult; editing: Editing }) {
  const offers = countOffers(result);
  if (offers.length === 0) return null;
  const isBusy = editing.save.kind === "saving";
  return (
    <div role="group" aria-label={say("editor.other_counts")} className="flex flex-wrap items-center gap-2 print:hidden">
      <span className="text-sm text-ink-soft">{say("editor.bars_look_wrong")}</span>
      {offers.map(({ words, change }) => (
        <Button
          key={words}
          className="px-4 text-sm"
          disabled={isBusy}
          onClick={() => editing.change(change)}
        >
          {words}
        </Button>
      ))}
    </div>
  );
}
