import { useEffect, useRef, useState, type ReactNode } from "react";
import { Button } from "@/components/ui/Button";
import { isForKeys } from "@/lib/isForKeys";
import { LEAST_TAPS, NO_TAPS, tapped, tapsPerMinute, type Taps } from "@/music/tapping";
import { say } from "@/words";

const KEY = "t";

interface TapTempoProps {
  /** The moment of the recording that is heard, in seconds, while it plays; null while it does not. */
  heardAt: () => number | null;
  /** What the tempo that was tapped can be used for; null where there is nothing. */
  offer: (tapsPerMinute: number, taps: Taps) => ReactNode;
}

/** A button and a key to tap along with; says the tempo once it is sure. */
export function TapTempo({ heardAt, offer }: TapTempoProps) {
  const [taps, setTaps] = useState<Taps>(NO_TAPS);
  const tap = (event: { timeStamp: number }) => {
    const heard = heardAt();
    // The press may have waited for its turn.
    const late = (performance.now() - event.timeStamp) / 1000;
    setTaps((before) =>
      tapped(
        before,
        heard === null
          ? { clock: "room", seconds: event.timeStamp / 1000 }
          : { clock: "recording", seconds: heard - late },
      ),
    );
  };
  const latest = useRef(tap);
  useEffect(() => {
    latest.current = tap;
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const isHeld = event.altKey || event.ctrlKey || event.metaKey || event.repeat;
      if (event.key !== KEY || isHeld || event.defaultPrevented || isForKeys(event.target)) return;
      event.preventDefault();
      latest.current(event);
    };
    addEventListener("keydown", onKeyDown);
    return () => removeEventListener("keydown", onKeyDown);
  }, []);
  const tempo = tapsPerMinute(taps);
  const { length } = taps.at;
  const words =
    tempo !== null
      ? say("tap.a_minute", { count: Math.round(tempo) })
      : length === 0
        ? say("tap.help")
        : length < LEAST_TAPS
          ? say("tap.more", { count: LEAST_TAPS - length })
          : say("tap.unsteady");
  return (
    <div role="group" aria-label={say("tap.title")} className="flex flex-wrap items-center gap-x-3 gap-y-2">
      <Button
        className="touch-manipulation select-none"
        // As the stick comes down: a click is told when it goes up.
        onPointerDown={(event) => event.button === 0 && tap(event)}
        // By a key or by a program that reads the screen: no pointer came down before.
        onClick={(event) => event.detail === 0 && tap(event)}
      >
        {say("tap.tap")}
      </Button>
      <span role="status" className="text-sm text-ink-soft">
        {words}
      </span>
      {tempo === null ? null : offer(tempo, taps)}
    </div>
  );
}
