"use client";

import { ButtonLink } from "@/components/ui/Button";
import { say } from "@/words";
import { useLanguage } from "@/words/WordsProvider";

/** What stands at an address that leads nowhere. */
export function MissingPage() {
  useLanguage();
  return (
    <div className="mx-auto max-w-xl py-20">
      <title>{`${say("missing.title")} | DrumScribe`}</title>
      <h1 className="text-4xl font-bold">{say("missing.title")}</h1>
      <p className="mt-3 text-lg text-ink-soft">{say("missing.help")}</p>
      <ButtonLink href="/" look="primary" className="mt-8">
        {say("common.to_start")}
      </ButtonLink>
    </div>
  );
}
