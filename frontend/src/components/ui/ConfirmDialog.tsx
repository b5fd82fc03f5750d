"use client";

import type { ReactNode } from "react";
import { Button } from "./Button";
import { useModal } from "./useModal";

/** Asks before something is lost. Escape and the quiet button leave everything as it is. */
export function ConfirmDialog({
  title,
  children,
  confirmLabel,
  keepLabel,
  onConfirm,
  onClose,
}: {
  title: string;
  children: ReactNode;
  confirmLabel: string;
  keepLabel: string;
  onConfirm: () => void;
  onClose: () => void;
}) {
  const modal = useModal(onClose);
  return (
    <dialog
      {...modal}
      aria-labelledby="confirm-title"
      className="m-auto max-w-md rounded-3xl border border-line bg-page p-6 text-ink shadow-2xl backdrop:bg-black/50"
    >
      <h2 id="confirm-title" className="text-xl font-semibold">
        {title}
      </h2>
      <div className="mt-2 text-ink-soft">{children}</div>
      <div className="mt-6 flex flex-wrap justify-end gap-2">
        <Button autoFocus onClick={onClose}>
          {keepLabel}
        </Button>
        <Button look="danger" onClick={onConfirm}>
          {confirmLabel}
        </Button>
      </div>
    </dialog>
  );
}
