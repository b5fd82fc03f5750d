/** What this browser keeps of a song: unsent edits, what can be undone, how it is practised, what was read, which offers were refused. */
type Kind = "draft" | "history" | "practice" | "refined" | "dismissed";

/** Each tab has steps of its own to undo; the rest is the song's, wherever it is open. */
const storeOf = (kind: Kind): Storage => (kind === "history" ? sessionStorage : localStorage);

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
  quietly(() => storeOf(kind).setItem(keyOf(kind, jobId), JSON.stringify(value)));
}

/** null where there is nothing, or nothing that can be read. */
export function readKept(kind: Kind, jobId: string): unknown {
  return quietly(() => JSON.parse(storeOf(kind).getItem(keyOf(kind, jobId)) ?? "null") as unknown);
}

export function forget(kind: Kind, jobId: string): void {
  quietly(() => storeOf(kind).removeItem(keyOf(kind, jobId)));
}
