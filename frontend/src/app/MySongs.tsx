"use client";

import { lazy, Suspense, useSyncExternalStore } from "react";
import { say } from "@/words";
import { useLanguage } from "@/words/WordsProvider";

/** The list waits for the service anyway: it comes once the first page stands there. */
const MyJobs = lazy(() =>
  import("@/features/job/songs/MyJobs").then(
    ({ MyJobs: List }) => ({ default: List }),
    () => ({ default: MissingSongs }),
  ),
);
const never = () => () => undefined;

function MissingSongs() {
  return <p className="mt-3 text-ink-soft">{say("common.songs_unreachable")}</p>;
}

function Looking() {
  return <p className="mt-3 text-ink-faint">{say("common.looking_for_songs")}</p>;
}

/** The songs of this browser, below all else. */
export function MySongs() {
  useLanguage();
  const isHere = useSyncExternalStore(never, () => true, () => false);
  return (
    <section id="songs" aria-labelledby="songs-title" className="scroll-mt-6">
      <h2 id="songs-title" className="text-2xl font-semibold">
        {say("common.my_songs")}
      </h2>
      {isHere ? (
        <Suspense fallback={<Looking />}>
          <MyJobs />
        </Suspense>
      ) : (
        <Looking />
      )}
    </section>
  );
}
