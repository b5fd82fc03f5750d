import type { ReactNode } from "react";

const KINDS = {
  info: "border-line bg-page text-ink",
  care: "border-care/40 bg-care-ground text-ink",
  alarm: "border-alarm/50 bg-alarm-ground text-ink",
} as const;

/** Something to know, at the place where it matters. An alarm is read out at once. */
export function Notice({
  kind = "info",
  title,
  children,
  actions,
}: {
  kind?: keyof typeof KINDS;
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
}) {
  return (
    <div
      role={kind === "alarm" ? "alert" : "status"}
      className={`rounded-2xl border px-5 py-4 ${KINDS[kind]}`}
    >
      <p className="font-display text-lg font-semibold">{title}</p>
      {children ? <div className="mt-1 max-w-prose text-ink-soft">{children}</div> : null}
      {actions ? <div className="mt-3 flex flex-wrap gap-2">{actions}</div> : null}
    </div>
  );
}
