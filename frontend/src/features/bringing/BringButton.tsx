"use client";

import { useRef } from "react";
import { Button } from "@/components/ui/Button";
import { say } from "@/words";
import type { Bringing } from "./useBringBack";
import { useDroppedFile } from "./useDroppedFile";

/** Chooses a corrected score; it may be dropped anywhere on the song as well. */
export function BringButton({ bringing }: { bringing: Bringing }) {
  const { bring, isBusy } = bringing;
  const input = useRef<HTMLInputElement>(null);
  const isOver = useDroppedFile(isBusy ? null : bring);
  return (
    <>
      <Button
        className="px-4"
        disabled={isBusy}
        title={say("bring.drop_help")}
        onClick={() => input.current?.click()}
      >
        {isBusy ? say("bring.busy") : say("bring.button")}
      </Button>
      <input
        ref={input}
        type="file"
        accept=".musicxml,.xml,.mxl,.mid,.midi,.json"
        className="hidden"
        aria-label={say("bring.file")}
        tabIndex={-1}
        onChange={(event) => {
          const files = [...(event.target.files ?? [])];
          // The same file may be chosen again after it was corrected again.
          event.target.value = "";
          if (files.length > 0) bring(files);
        }}
      />
      {isOver ? (
        <span className="pointer-events-none fixed inset-3 z-50 grid place-content-center gap-1 rounded-3xl border-4 border-dashed border-pad bg-page/90 text-center">
          <span className="font-display text-2xl font-semibold">{say("bring.drop")}</span>
          <span className="text-ink-soft">{say("bring.drop_help")}</span>
        </span>
      ) : null}
    </>
  );
}
