"use client";

import { Button, ButtonLink } from "@/components/ui/Button";

/** Where a view broke: a part that did not load, or an answer that nobody thought of. */
export default function BrokenView() {
  return (
    <section role="alert" className="mx-auto max-w-xl py-20">
      <h1 className="text-4xl font-bold">Something went wrong on this page</h1>
      <p className="mt-3 text-lg text-ink-soft">
        A part of it did not load, or broke. Your songs are safe, and what you corrected is kept in
        this browser. Load the page again; if that does not help, the service may have been renewed
        or be away for a moment.
      </p>
      <div className="mt-8 flex flex-wrap gap-2">
        {/* From scratch: a part that failed to load is not asked for again otherwise. */}
        <Button look="primary" onClick={() => location.reload()}>
          Load it again
        </Button>
        <ButtonLink href="/">To the start page</ButtonLink>
      </div>
    </section>
  );
}
