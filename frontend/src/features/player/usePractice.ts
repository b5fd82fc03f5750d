import { useEffect, useRef, useState } from "react";
import { keep, readKept } from "@/lib/kept";
import type { PlayerEngine } from "./engine";
import { practiceFrom, practiceOf, type NamedLoop } from "./practice";

/** How a song is practised, remembered in this browser: speed, loop, mixer, trainer, named loops. */
export function usePractice(jobId: string, engine: PlayerEngine | null) {
  const [loops, setLoops] = useState<readonly NamedLoop[]>(
    () => practiceFrom(readKept("practice", jobId)).loops,
  );
  const latest = useRef(loops);
  useEffect(() => {
    if (!engine) return;
    engine.restore(practiceFrom(readKept("practice", jobId)).practice);
    return engine.subscribe(() =>
      keep("practice", jobId, { ...practiceOf(engine.snapshot()), loops: latest.current }),
    );
  }, [engine, jobId]);
  useEffect(() => {
    latest.current = loops;
    if (engine) keep("practice", jobId, { ...practiceOf(engine.snapshot()), loops });
  }, [engine, jobId, loops]);

  return {
    loops,
    keepLoop: (loop: NamedLoop) =>
      setLoops((before) => [...before.filter((one) => one.name !== loop.name), loop]),
    forgetLoop: (name: string) => setLoops((before) => before.filter((one) => one.name !== name)),
  };
}

export type PracticeLoops = ReturnType<typeof usePractice>;
