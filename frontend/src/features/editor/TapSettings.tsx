import type { JobResult } from "@/api/client";
import { Button } from "@/components/ui/Button";
import { offeredTempo } from "@/components/offeredTempo";
import { TapTempo } from "@/components/TapTempo";
import { say } from "@/words";
import { atTempo, barOneAt } from "./countChanges";
import type { OptionsChange } from "./session";

interface TapSettingsProps {
  result: JobResult;
  position: () => number;
  isPlaying: boolean;
  onChange: (change: OptionsChange) => void;
}

/** Tempo, and where bars begin, by tapping along with the recording. */
export function TapSettings({ result, position, isPlaying, onChange }: TapSettingsProps) {
  return (
    <TapTempo
      heardAt={() => (isPlaying ? position() : null)}
      offer={(tapsPerMinute, { clock, at: [first] }) =>
        offeredTempo(tapsPerMinute, result.beat_length, (bpm) => (
          <>
            <Button className="px-4" onClick={() => onChange(atTempo(bpm))}>
              {say("tap.use", { bpm })}
            </Button>
            {clock === "recording" && first !== undefined ? (
              <Button
                className="px-4"
                onClick={() => onChange({ ...atTempo(bpm), ...barOneAt(first, result) })}
              >
                {say("tap.use_with_bar", { bpm })}
              </Button>
            ) : null}
          </>
        ))
      }
    />
  );
}
