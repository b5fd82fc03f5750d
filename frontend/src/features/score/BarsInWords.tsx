import { memo } from "react";
import { barsInWords } from "@/music/barWords";
import type { TimeMap } from "@/music/timeMap";
import { say } from "@/words";
import { useLanguage } from "@/words/WordsProvider";

/** The score for those who hear it read out; the drawing says nothing to them. */
export const BarsInWords = memo(function BarsInWords({ map }: { map: TimeMap }) {
  useLanguage();
  const bars = barsInWords(map);
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
