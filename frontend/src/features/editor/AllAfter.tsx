import { say } from "@/words";

interface AllAfterProps {
  movesAll: boolean;
  onMovesAll: (movesAll: boolean) => void;
}

/** Whether all bar lines after one move with it. */
export function AllAfter({ movesAll, onMovesAll }: AllAfterProps) {
  return (
    <label className="flex min-h-11 items-center gap-2 text-sm">
      <input
        type="checkbox"
        className="h-5 w-5 accent-(--bronze)"
        checked={movesAll}
        onChange={(event) => onMovesAll(event.target.checked)}
      />
      {say("bars.and_all_after")}
    </label>
  );
}
