/** What this browser keeps of a song: unsent edits, how it is practised, what was read, which offers were refused. */
type Kind = "draft" | "practice" | "refined" | "dismissed";

const keyOf = (kind: Kind, jobId: string): string => `drumscribe.${kind}.${jobId}`;

/** Storage may be full or forbidden; the page goes on without it. */
function quietly<T>(action: () => T): T | null {
  try {
    return action();
  } catch {
    return null;
  }
}

export function keep(kind: Kind, jobId: string, value: unknown): void {
  quietly(() => localStorage.setItem(keyOf(kind, jobId), JSON.stringify(value)));
}

/** null where there is nothing, or nothing that can be read. */
export function readKept(kind: Kind, jobId: string): unknown {
  return quietly(() => JSON.parse(localStorage.getItem(keyOf(kind, jobId)) ?? "null") as unknown);
}

export function forget(kind: Kind, jobId: string): void {
  quietly(() => localStorage.removeItem(keyOf(kind, jobId)));
}
