import Link from "next/link";
import type { ComponentProps, ReactNode } from "react";

const LOOKS = {
  primary:
    "bg-bronze text-on-bronze hover:bg-bronze-bright hover:text-[#20160a] border-transparent font-semibold",
  quiet: "bg-page text-ink border-line-strong hover:border-ink-faint hover:bg-stand",
  bare: "border-transparent text-ink-soft hover:text-ink hover:bg-pad-rim",
  danger: "bg-page text-alarm border-alarm hover:bg-alarm-ground",
} as const;

type Look = keyof typeof LOOKS;

/** extra: utilities, which win over the shape that all buttons share (`.button` in globals.css). */
export const buttonStyle = (look: Look = "quiet", extra = ""): string => `button ${LOOKS[look]} ${extra}`;

export function Button({
  look = "quiet",
  className = "",
  ...rest
}: ComponentProps<"button"> & { look?: Look }) {
  return <button type="button" className={buttonStyle(look, className)} {...rest} />;
}

export function ButtonLink({
  look = "quiet",
  className = "",
  href,
  children,
}: {
  look?: Look;
  className?: string;
  href: string;
  children: ReactNode;
}) {
  return (
    <Link href={href} prefetch={false} className={buttonStyle(look, className)}>
      {children}
    </Link>
  );
}
