import { memo } from "react";
import type { Hit } from "@/api/client";
import { barsInWords } from "@/music/barWords";
import type { TimeMap } from "@/music/timeMap";
import { say } from "@/words";
import { useLanguage } from "@/words/WordsProvider";

/** The score for those who hear it read out; the drawing says nothing to them. hits: with the hands that stand on the page. */
export const BarsInWords = memo(function BarsInWords({ map, hits }: { map: TimeMap; hits: readonly Hit[] }) {
  useLanguage();
  const bars = barsInWords(map, hits);
  return (
    <section aria-label={say("score.in_words")} className="sr-only print:hidden">
      <ol>
        {bars.map(({ number, words }) => (
          <li key={number}>
            {say("score.bar_words", { number, words })}
          </li>
        ))}
      </ol>
    </section>
  );
});
