import { say, shownLanguage } from "@/words";
const MINUTE_SECONDS = 60;

/** `3:05`; hours are minutes too, as on a record sleeve. */
export function clockTime(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  return `${Math.floor(whole / MINUTE_SECONDS)}:${String(whole % MINUTE_SECONDS).padStart(2, "0")}`;
}

/** Seconds that `3:05`, `1:02:03` or `185` mean; null where it means none. */
export function readClock(text: string): number | null {
  const parts = text.trim().replace(",", ".").split(":");
  if (parts.length > 3 || !parts.every((part) => /^\d+(?:\.\d+)?$/.test(part))) return null;
  return parts.reduce((seconds, part) => seconds * MINUTE_SECONDS + Number(part), 0);
}

/** `15 minutes`, `90 seconds`. */
export function durationWords(seconds: number): string {
  if (seconds < 2 * MINUTE_SECONDS) return say("time.seconds", { count: Math.round(seconds) });
  return say("time.minutes", { count: Math.round(seconds / MINUTE_SECONDS) });
}

/** `850 kB`, `12.3 MB`: powers of ten, like the limits of the service. */
export function fileSize(bytes: number): string {
  if (bytes < 1e3) return `${bytes} B`;
  if (bytes < 1e6) return `${Math.round(bytes / 1e3)} kB`;
  const megabytes = bytes / 1e6;
  return `${decimal(megabytes, megabytes < 10 ? 1 : 0)} MB`;
}

/** How long it will still take, no finer than anybody can know. */
export function remainingTime(seconds: number): string {
  if (seconds < 8) return say("time.few_seconds");
  if (seconds < 55) return say("time.about_seconds", { count: Math.ceil(seconds / 10) * 10 });
  const minutes = Math.max(1, Math.round(seconds / MINUTE_SECONDS));
  return minutes === 1 ? say("time.about_a_minute") : say("time.about_minutes", { count: minutes });
}

/** `just now`, `5 minutes ago`, else the day. */
export function longAgo(date: string, now: Date = new Date()): string {
  const seconds = (now.getTime() - new Date(date).getTime()) / 1000;
  if (seconds < MINUTE_SECONDS) return say("time.just_now");
  const minutes = Math.floor(seconds / MINUTE_SECONDS);
  if (minutes < 60) return say("time.minutes_ago", { count: minutes });
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return say("time.hours_ago", { count: hours });
  return new Date(date).toLocaleDateString(shownLanguage(), { day: "numeric", month: "long" });
}

/** `until 14:05`, `until Monday, 14:05`. */
export function until(date: string, now: Date = new Date()): string {
  const then = new Date(date);
  const time = then.toLocaleTimeString(shownLanguage(), { hour: "numeric", minute: "2-digit" });
  if (then.toDateString() === now.toDateString()) return say("time.until_today", { time });
  const day = then.toLocaleDateString(shownLanguage(), { weekday: "long", day: "numeric", month: "long" });
  return say("time.until", { day, time });
}

/** A number as it is written in the reader's language, with so many decimals. */
export const decimal = (value: number, digits = 0): string =>
  value.toLocaleString(shownLanguage(), { minimumFractionDigits: digits, maximumFractionDigits: digits });
