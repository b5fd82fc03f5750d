"use client";

import { useTheme } from "@/lib/theme";
import { say } from "@/words";

export function ThemeToggle() {
  const [theme, toggle] = useTheme();
  const other = theme === "dark" ? "light" : "dark";
  return (
    <button
      type="button"
      onClick={toggle}
      aria-label={say(`common.theme_${other}`)}
      title={say(`common.theme_${other}`)}
      className="grid size-11 cursor-pointer place-items-center rounded-full text-ink-soft hover:bg-pad-rim hover:text-ink"
    >
      <svg viewBox="0 0 24 24" className="size-5" aria-hidden="true">
        <circle cx="12" cy="12" r="8" fill="none" stroke="currentColor" strokeWidth="2" />
        <path d="M12 4a8 8 0 0 1 0 16z" fill="currentColor" />
      </svg>
    </button>
  );
}
