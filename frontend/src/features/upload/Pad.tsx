"use client";

import { useRef, useState, type ReactNode } from "react";
import { say } from "@/words";
import { ACCEPT } from "./accepted";
import type { Found } from "./many/found";
import { filesOfDrop, filesOfList } from "./many/gather";

/**
 * The practice pad: songs are dropped on it (files, folders, archives), or it is pressed.
 *
 * fraction: how much of a song has been sent, drawn as the rim; null while nothing is sent.
 */
export function Pad({
  fraction,
  isBusy,
  onFiles,
  children,
}: {
  fraction: number | null;
  isBusy: boolean;
  /** All that was dropped or chosen, those in folders too; never none. */
  onFiles: (found: Found[]) => void;
  children: ReactNode;
}) {
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setIsOver] = useState(false);
  const hand = (found: Found[]) => {
    if (found.length > 0) onFiles(found);
  };
  return (
    <div
      className="relative mx-auto aspect-square w-full max-w-[25rem]"
      onDragOver={(event) => {
        event.preventDefault();
        setIsOver(!isBusy);
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setIsOver(false);
        void filesOfDrop(event.dataTransfer).then(hand);
      }}
    >
      <svg viewBox="0 0 400 400" className="absolute inset-0 size-full overflow-visible" aria-hidden="true">
        <circle cx="200" cy="200" r="196" fill="var(--pad-rim)" />
        <circle cx="200" cy="200" r="178" fill="var(--pad-deep)" />
        <circle cx="200" cy="200" r="168" fill="var(--pad)" className="pad-rubber" />
        <circle cx="200" cy="200" r="150" fill="none" stroke="#fff" strokeOpacity="0.07" strokeWidth="2" />
        <circle cx="200" cy="200" r="128" fill="none" stroke="#fff" strokeOpacity="0.05" strokeWidth="2" />
        <circle
          cx="200"
          cy="200"
          r="187"
          fill="none"
          stroke="var(--bronze-bright)"
          strokeWidth="10"
          strokeLinecap="round"
          pathLength="1"
          strokeDasharray={`${fraction ?? 0} 1`}
          transform="rotate(-90 200 200)"
          className={fraction === null ? "opacity-0" : "transition-all duration-300"}
        />
        {/* A stick that lies on the rim, its head on the rubber. */}
        <g transform="rotate(-38 330 92)">
          <rect x="306" y="86.5" width="164" height="11" rx="5.5" fill="#d9b27a" />
          <rect x="306" y="86.5" width="160" height="4" rx="2" fill="#fff" opacity="0.25" />
          <path d="M308 88.5 L288 90.6 L288 93.4 L308 95.5 Z" fill="#d9b27a" />
          <ellipse cx="282" cy="92" rx="9" ry="6.2" fill="#e6c593" />
        </g>
        {isOver ? (
          <circle cx="200" cy="200" r="168" fill="none" stroke="var(--bronze-bright)" strokeWidth="6" className="pad-ripple" />
        ) : null}
      </svg>
      <button
        type="button"
        disabled={isBusy}
        onClick={() => input.current?.click()}
        className="absolute inset-[4%] flex cursor-pointer flex-col items-center justify-center gap-2 rounded-full px-[13%] text-center text-white outline-offset-4 disabled:cursor-default focus-visible:rounded-full"
      >
        {children}
      </button>
      <input
        ref={input}
        type="file"
        multiple
        accept={`${ACCEPT},.zip,application/zip`}
        className="hidden"
        aria-label={say("start.recording")}
        tabIndex={-1}
        onChange={(event) => {
          const found = filesOfList(event.target.files ?? []);
          // The same file may be chosen again after an error.
          event.target.value = "";
          hand(found);
        }}
      />
    </div>
  );
}
