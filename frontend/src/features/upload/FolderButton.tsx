import { useRef } from "react";
import { Button } from "@/components/ui/Button";
import type { Found } from "./many/found";
import { filesOfList } from "./many/gather";

/** Chooses a folder, for those who do not drop; browsers ask for files and folders separately. */
export function FolderButton({ onFiles }: { onFiles: (found: Found[]) => void }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <p className="flex flex-wrap items-center gap-x-4 gap-y-2 text-ink-soft max-sm:hidden">
      <Button onClick={() => input.current?.click()}>Choose a folder</Button>
      <span>All songs in it, one after the other.</span>
      <input
        ref={(element) => {
          input.current = element;
          // Not a property that React knows.
          element?.setAttribute("webkitdirectory", "");
        }}
        type="file"
        className="hidden"
        aria-label="Songs of a folder"
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
