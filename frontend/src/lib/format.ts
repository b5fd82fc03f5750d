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
  if (seconds < 2 * MINUTE_SECONDS) return counted(Math.round(seconds), "second");
  return counted(Math.round(seconds / MINUTE_SECONDS), "minute");
}

/** `850 kB`, `12.3 MB`: powers of ten, like the limits of the service. */
export function fileSize(bytes: number): string {
  if (bytes < 1e3) return `${bytes} B`;
  if (bytes < 1e6) return `${Math.round(bytes / 1e3)} kB`;
  const megabytes = bytes / 1e6;
  return `${megabytes < 10 ? megabytes.toFixed(1) : Math.round(megabytes)} MB`;
}

/** How long it will still take, no finer than anybody can know. */
export function remainingTime(seconds: number): string {
  if (seconds < 8) return "a few seconds left";
  if (seconds < 55) return `about ${Math.ceil(seconds / 10) * 10} seconds left`;
  const minutes = Math.round(seconds / MINUTE_SECONDS);
  return minutes <= 1 ? "about a minute left" : `about ${minutes} minutes left`;
}

/** `just now`, `5 minutes ago`, else the day. */
export function longAgo(date: string, now: Date = new Date()): string {
  const seconds = (now.getTime() - new Date(date).getTime()) / 1000;
  if (seconds < MINUTE_SECONDS) return "just now";
  const minutes = Math.floor(seconds / MINUTE_SECONDS);
  if (minutes < 60) return minutes === 1 ? "a minute ago" : `${minutes} minutes ago`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return hours === 1 ? "an hour ago" : `${hours} hours ago`;
  return new Date(date).toLocaleDateString("en", { day: "numeric", month: "long" });
}

/** `until 14:05`, `until Monday, 14:05`. */
export function until(date: string, now: Date = new Date()): string {
  const then = new Date(date);
  const time = then.toLocaleTimeString("en", { hour: "numeric", minute: "2-digit" });
  if (then.toDateString() === now.toDateString()) return `until ${time} today`;
  const day = then.toLocaleDateString("en", { weekday: "long", day: "numeric", month: "long" });
  return `until ${day}, ${time}`;
}

/** `1 hit`, `2 hits`. */
export function counted(count: number, one: string, many: string = `${one}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}
