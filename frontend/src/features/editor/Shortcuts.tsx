"use client";

import { useEffect, useRef } from "react";
import { Button } from "@/components/ui/Button";
import { SHORTCUTS } from "./words";

/** All keys, on a card over the page. */
export function Shortcuts({ onClose }: { onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      onClose={onClose}
      aria-labelledby="shortcuts-title"
      className="m-auto max-w-xl rounded-3xl border border-line bg-page p-6 text-ink shadow-2xl backdrop:bg-black/50"
    >
      <h2 id="shortcuts-title" className="text-xl font-semibold">
        Keys
      </h2>
      <dl className="mt-4 grid grid-cols-[auto_1fr] gap-x-6 gap-y-2 text-sm">
        {SHORTCUTS.map(([keys, meaning]) => (
          <div key={keys} className="contents">
            <dt className="font-semibold tabular-nums">{keys}</dt>
            <dd className="text-ink-soft">{meaning}</dd>
          </div>
        ))}
      </dl>
      <div className="mt-6 text-right">
        <Button autoFocus onClick={onClose}>
          Close
        </Button>
      </div>
    </dialog>
  );
}
