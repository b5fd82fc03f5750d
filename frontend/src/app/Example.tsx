"use client";

import { lazy, Suspense, useSyncExternalStore } from "react";
import { say } from "@/words";
import { useLanguage } from "@/words/WordsProvider";

/** Score and cursor are large: they come once the first page stands there. */
const ExamplePage = lazy(() =>
  import("@/features/workspace/ExamplePage").then(
    ({ ExamplePage: Page }) => ({ default: Page }),
    // Songs can be handed in without it.
    () => ({ default: MissingExample }),
  ),
);
const never = () => () => undefined;

function MissingExample() {
  return <p className="text-ink-soft">{say("example.missing")}</p>;
}

/** The example as a finished song, below the pad; its room is kept from the start. */
export function Example() {
  useLanguage();
  const isHere = useSyncExternalStore(never, () => true, () => false);
  return (
    <section aria-labelledby="example-title" className="mb-14">
      <h2 id="example-title" className="text-2xl font-semibold">
        {say("example.title")}
      </h2>
      <div className="example-page mt-4">
        {isHere ? (
          <Suspense>
            <ExamplePage />
          </Suspense>
        ) : null}
      </div>
    </section>
  );
}
