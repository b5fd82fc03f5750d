import { memo, useMemo } from "react";
import { barsInWords } from "@/music/barWords";
import type { TimeMap } from "@/music/timeMap";

/** The score for those who hear it read out; the drawing says nothing to them. */
export const BarsInWords = memo(function BarsInWords({ map }: { map: TimeMap }) {
  const bars = useMemo(() => barsInWords(map), [map]);
  return (
    <section aria-label="The score in words" className="sr-only print:hidden">
      <ol>
        {bars.map(({ number, words }) => (
          <li key={number}>
            Bar {number}, {words}
          </li>
        ))}
      </ol>
    </section>
  );
});
