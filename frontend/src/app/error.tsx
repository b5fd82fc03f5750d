"use client";

import { Button, ButtonLink } from "@/components/ui/Button";
import { say } from "@/words";
import { useLanguage } from "@/words/WordsProvider";

/** Where a view broke: a part that did not load, or an answer that nobody thought of. */
export default function BrokenView() {
  useLanguage();
  return (
    <section role="alert" className="mx-auto max-w-xl py-20">
      <title>{`${say("broken.title")} | DrumScribe`}</title>
      <h1 className="text-4xl font-bold">{say("broken.title")}</h1>
      <p className="mt-3 text-lg text-ink-soft">
        {say("broken.help")}
      </p>
      <div className="mt-8 flex flex-wrap gap-2">
        {/* From scratch: a part that failed to load is not asked for again otherwise. */}
        <Button look="primary" onClick={() => location.reload()}>
          {say("broken.reload")}
        </Button>
        <ButtonLink href="/">{say("common.to_start")}</ButtonLink>
      </div>
    </section>
  );
}
