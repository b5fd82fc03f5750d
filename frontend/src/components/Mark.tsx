/** The mark: a practice pad from above, with the head of a stick on it. */
export function Mark({ className = "" }: { className?: string }) {
  return (
    <svg viewBox="0 0 40 40" className={className} aria-hidden="true">
      <circle cx="18" cy="22" r="16" fill="var(--pad-deep)" />
      <circle cx="18" cy="22" r="12.5" fill="var(--pad)" />
      <circle cx="18" cy="22" r="5" fill="none" stroke="#ffffff" strokeOpacity="0.35" />
      <path d="M20.5 19.5 38 2" stroke="var(--bronze-bright)" strokeWidth="2.6" strokeLinecap="round" />
      <ellipse
        cx="19.6"
        cy="20.4"
        rx="3.4"
        ry="2.5"
        transform="rotate(-45 19.6 20.4)"
        fill="var(--bronze-bright)"
      />
    </svg>
  );
}
