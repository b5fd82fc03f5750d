"use client";

import Link from "next/link";
import type { ReactNode } from "react";
import { say } from "@/words";
import { useLanguage } from "@/words/WordsProvider";
import { Mark } from "./Mark";
import { LanguageChoice } from "./LanguageChoice";
import { ThemeToggle } from "./ThemeToggle";

/** What surrounds every view. */
export function Shell({ children }: { children: ReactNode }) {
  useLanguage();
  return (
    <div className="flex min-h-dvh flex-col overflow-x-clip">
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:absolute focus:left-4 focus:top-4 focus:z-50 focus:rounded-full focus:bg-page focus:px-4 focus:py-2"
      >
        {say("common.skip")}
      </a>
      <header className="print:hidden mx-auto flex w-full max-w-[90rem] items-center justify-between gap-1 px-4 sm:gap-4 py-3 sm:px-8">
        <Link href="/" prefetch={false} className="flex items-center gap-2.5 rounded-full sm:pr-3">
          <Mark className="size-9" />
          <span className="font-display text-xl font-bold tracking-tight max-[26rem]:sr-only">DrumScribe</span>
        </Link>
        <nav aria-label={say("common.main")} className="flex items-center sm:gap-1">
          <Link
            href="/#songs"
            prefetch={false}
            className="rounded-full px-2 py-2.5 whitespace-nowrap text-ink-soft hover:bg-pad-rim hover:text-ink sm:px-4"
          >
            {say("common.my_songs")}
          </Link>
          <LanguageChoice />
          <ThemeToggle />
        </nav>
      </header>
      <main id="main" tabIndex={-1} className="print:m-0 print:max-w-none print:p-0 mx-auto w-full max-w-[90rem] flex-1 px-4 pb-16 outline-none sm:px-8">
        {children}
      </main>
    </div>
  );
}
