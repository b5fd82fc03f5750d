import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import english from "./en.json";

const SRC = path.resolve(import.meta.dirname, "..");
/** Those of the service's errors are said where they are here (`sayIfKnown`). */
const KEYS = Object.keys(english).filter((key) => !key.startsWith("problems."));
const PARTS = ["form", "jobs", "music", "song", "songs", "start", "workspace"] as const;
/** Which part each message comes with. */
const PART_OF = new Map(
  PARTS.flatMap((part) =>
    Object.keys(JSON.parse(readFileSync(path.join(SRC, "words", "compiled", `en.${part}.json`), "utf8")) as object).map(
      (key) => [key, part] as const,
    ),
  ),
);

interface Source {
  /** What comes along with it, and what it fetches later. */
  imports: string[];
  fetches: string[];
  says: string[];
}

const resolved = (from: string, name: string): string[] => {
  const base = name.startsWith("@/") ? path.join(SRC, name.slice(2)) : path.resolve(path.dirname(from), name);
  return ["", ".ts", ".tsx", "/index.ts"].map((ending) => base + ending).filter((file) => /\.tsx?$/.test(file) && existsSync(file));
};

const known = new Map<string, Source>();
function sourceOf(file: string): Source {
  const before = known.get(file);
  if (before) return before;
  const text = readFileSync(file, "utf8");
  const named = (pattern: RegExp) => [...text.matchAll(pattern)].flatMap(([, name = ""]) => resolved(file, name));
  const composed = [...text.matchAll(/`([a-z_]+\.[a-z_.]*\$\{[^`]*)`/g)].map(
    ([, key = ""]) => new RegExp(`^${key.replaceAll(".", "\\.").replaceAll(/\$\{[^}]*\}/g, "[^.]+")}$`),
  );
  const source = {
    imports: named(/^(?:import|export) (?!type )(?:[^"'`;]*? from )?"((?:@\/|\.)[^"]+)"/gm),
    fetches: named(/import\("((?:@\/|\.)[^"]+)"\)/g),
    says: KEYS.filter((key) => text.includes(`"${key}"`) || composed.some((pattern) => pattern.test(key))),
  };
  known.set(file, source);
  return source;
}

/** All that comes with a file at once. */
function alongWith(entry: string): string[] {
  const files = new Set([entry]);
  // A set that grows while it is gone through.
  for (const file of files) for (const next of sourceOf(file).imports) files.add(next);
  return [...files];
}

/** Messages of views that may be shown without the part they are in. loaded: the parts that came before. */
function unsaid(entry: string, loaded: ReadonlySet<string>, seen = new Set<string>()): string[] {
  const files = alongWith(entry);
  const parts = new Set([...loaded, ...PARTS.filter((part) => files.includes(path.join(SRC, "words", `${part}.ts`)))]);
  const turn = `${entry} ${[...parts].sort().join()}`;
  if (seen.has(turn)) return [];
  seen.add(turn);
  const missing = files.flatMap((file) =>
    sourceOf(file)
      .says.filter((key) => !parts.has(PART_OF.get(key) ?? ""))
      .map((key) => `${path.relative(SRC, file)}: ${key}`),
  );
  return [...missing, ...files.flatMap((file) => sourceOf(file).fetches).flatMap((next) => unsaid(next, parts, seen))];
}

test.each(["page.tsx", "jobs/page.tsx", "layout.tsx", "error.tsx", "not-found.tsx"])(
  "views_of_%s_come_with_the_words_they_say",
  (page) => {
    expect(unsaid(path.join(SRC, "app", page), new Set(["start"]))).toEqual([]);
  },
);
