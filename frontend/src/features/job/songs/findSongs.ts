import type { JobStatus } from "@/api/client";

export const ORDERS = ["newest", "oldest", "title", "tempo", "longest"] as const;
export type Order = (typeof ORDERS)[number];

/** What is looked for among the songs, and how they are laid out. */
export interface Wanted {
  words: string;
  tag: string | null;
  order: Order;
}

export const EVERYTHING: Wanted = { words: "", tag: null, order: "newest" };

/** Whether the newest songs, as they come from the service, are not enough to answer. */
export const needsAll = ({ words, tag, order }: Wanted): boolean =>
  words.trim() !== "" || tag !== null || order !== "newest";

/** A text by which "ärger" is found with "Arger". */
const plain = (text: string): string =>
  text.normalize("NFKD").replaceAll(/\p{Mark}/gu, "").toLocaleLowerCase();

/** The tempo of the page: what was given, else what was found. */
export const tempoOf = (job: JobStatus): number | null => job.bpm ?? job.detected_bpm;

/** The songs that have every word in title, artist, file name or tags, in the wanted order. */
export function findSongs(jobs: readonly JobStatus[], { words, tag, order }: Wanted): JobStatus[] {
  const wanted = plain(words).split(/\s+/).filter(Boolean);
  const found = jobs.filter((job) => {
    if (tag !== null && !job.tags.includes(tag)) return false;
    const text = plain([job.title, job.artist ?? "", job.original_filename ?? "", ...job.tags].join(" "));
    return wanted.every((word) => text.includes(word));
  });
  return found.sort(COMPARE[order]);
}

/** Those that are not known come last. */
const by = (value: (job: JobStatus) => number | null, sign: 1 | -1) => (a: JobStatus, b: JobStatus) => {
  const [x, y] = [value(a), value(b)];
  if (x === null || y === null) return Number(x === null) - Number(y === null);
  return sign * (x - y);
};

const COMPARE: Readonly<Record<Order, (a: JobStatus, b: JobStatus) => number>> = {
  newest: by((job) => Date.parse(job.created_at), -1),
  oldest: by((job) => Date.parse(job.created_at), 1),
  title: (a, b) => a.title.localeCompare(b.title, undefined, { numeric: true }),
  tempo: by(tempoOf, 1),
  longest: by((job) => job.duration_seconds, -1),
};

/** All tags, in the order of the alphabet. */
export const tagsOf = (jobs: readonly JobStatus[]): string[] =>
  [...new Set(jobs.flatMap(({ tags }) => tags))].sort((a, b) => a.localeCompare(b));

/** What was typed into one field, as tags. */
export const readTags = (text: string): string[] =>
  text.split(",").map((tag) => tag.trim()).filter(Boolean);
