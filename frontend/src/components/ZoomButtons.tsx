import { Button } from "@/components/ui/Button";
import { say } from "@/words";

interface ZoomButtonsProps {
  /** What is seen nearer or from farther away. */
  label: string;
  /** null where it cannot go on. */
  onFarther: (() => void) | null;
  onNearer: (() => void) | null;
}

/** Two buttons: from farther away, nearer. */
export function ZoomButtons({ label, onFarther, onNearer }: ZoomButtonsProps) {
  return (
    <div role="group" aria-label={label} className="flex gap-1">
      <Button className="min-w-11 px-3" aria-label={say("editor.farther")} disabled={!onFarther} onClick={() => onFarther?.()}>
        −
      </Button>
      <Button className="min-w-11 px-3" aria-label={say("editor.nearer")} disabled={!onNearer} onClick={() => onNearer?.()}>
        +
      </Button>
    </div>
  );
}
