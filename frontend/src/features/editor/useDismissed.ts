import { useState } from "react";
import type { Hit } from "@/api/client";
import { keep, readKept } from "@/lib/kept";
import { offerName } from "@/music/review";

const read = (jobId: string): ReadonlySet<string> => {
  const kept = readKept("dismissed", jobId);
  return new Set(Array.isArray(kept) ? kept.filter((name) => typeof name === "string") : []);
};

/** The offers of a song that were refused, remembered in this browser. */
export function useDismissed(jobId: string): [ReadonlySet<string>, (offers: readonly Hit[]) => void] {
  const [names, setNames] = useState(() => read(jobId));
  const dismiss = (offers: readonly Hit[]) => {
    const all = new Set([...names, ...offers.map(offerName)]);
    keep("dismissed", jobId, [...all]);
    setNames(all);
  };
  return [names, dismiss];
}
