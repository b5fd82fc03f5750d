import { useRef } from "react";
import { Button } from "@/components/ui/Button";
import { say } from "@/words";
import type { Found } from "./many/found";
import { filesOfList } from "./many/gather";

/** Chooses a folder, for those who do not drop; browsers ask for files and folders separately. */
export function FolderButton({ onFiles }: { onFiles: (found: Found[]) => void }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <p className="flex flex-wrap items-center gap-x-4 gap-y-2 text-ink-soft max-sm:hidden">
      <Button onClick={() => input.current?.click()}>{say("start.folder")}</Button>
      <span>{say("start.folder_help")}</span>
      <input
        ref={(element) => {
          input.current = element;
          // Not a property that React knows.
          element?.setAttribute("webkitdirectory", "");
        }}
        type="file"
        className="hidden"
        aria-label={say("start.folder_label")}
        tabIndex={-1}
        onChange={(event) => {
          const found = filesOfList(event.target.files ?? []);
          event.target.value = "";
          if (found.length > 0) onFiles(found);
        }}
      />
    </p>
  );
}
