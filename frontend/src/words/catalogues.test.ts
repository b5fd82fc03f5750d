import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parse, type Token } from "@messageformat/parser";
import { expect, test } from "vitest";
import english from "./en.json";
import german from "./de.json";
import spanish from "./es.json";

type Catalogue = Readonly<Record<string, string>>;
const ENGLISH: Catalogue = english;
const OTHERS: readonly [string, Catalogue][] = [["de", german], ["es", spanish]];

/** `count: plural`, `name: argument`, `<0>`: what a message must be given, in the order of its name. */
function needsOf(text: string): string[] {
  const needs = new Set<string>();
  const look = (tokens: readonly Token[]) => {
    for (const token of tokens) {
      if (token.type === "argument") needs.add(`${token.arg}`);
      else if ("cases" in token) {
        needs.add(token.arg);
        for (const { tokens: inner } of token.cases) look(inner);
      } else if (token.type === "content") {
        for (const [tag] of token.value.matchAll(/<\/?\d+\/?>/g)) needs.add(tag);
      }
    }
  };
  look(parse(text));
  return [...needs].sort();
}

/** The forms of each plural of a message. */
function plurals(text: string): string[][] {
  return parse(text).flatMap((token) =>
    token.type === "plural" ? [token.cases.map(({ key }) => key)] : [],
  );
}

test.each(OTHERS)("catalogue_%s_has_the_messages_of_the_English_one", (_, catalogue) => {
  expect(Object.keys(catalogue).sort()).toEqual(Object.keys(ENGLISH).sort());
});

test.each(OTHERS)("catalogue_%s_needs_what_the_English_one_gives", (_, catalogue) => {
  const different = Object.entries(catalogue).filter(
    ([key, text]) => needsOf(text).join() !== needsOf(ENGLISH[key] ?? "").join(),
  );
  expect(different).toEqual([]);
});

test.each([["en", ENGLISH] as const, ...OTHERS])("catalogue_%s_says_something_everywhere", (language, catalogue) => {
  const wanted = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
  for (const [key, text] of Object.entries(catalogue)) {
    expect(text.trim(), key).toBe(text);
    expect(text, key).not.toBe("");
    // Millions have a form of their own in Spanish; the common one is right for them here.
    for (const forms of plurals(text)) {
      expect(wanted.filter((form) => form !== "many" && !forms.includes(form)), key).toEqual([]);
    }
  }
});

test("every_message_is_said_somewhere", () => {
  const root = path.resolve(import.meta.dirname, "..");
  const sources = readdirSync(root, { recursive: true })
    .map(String)
    .filter((name) => /\.tsx?$/.test(name) && !/\.test\.|compiled|^testing/.test(name))
    .map((name) => readFileSync(path.join(root, name), "utf8"))
    .join("\n");
  // `warnings.${code}_help` says every key that can stand in its place.
  const composed = [...sources.matchAll(/`([a-z_]+\.[a-z_.]*\$\{[^`]*)`/g)].map(
    ([, text = ""]) => new RegExp(`^${text.replaceAll(".", "\\.").replaceAll(/\$\{[^}]*\}/g, "[^.]+")}$`),
  );
  const silent = Object.keys(ENGLISH).filter(
    (key) => !sources.includes(`"${key}"`) && !composed.some((pattern) => pattern.test(key)),
  );
  expect(silent).toEqual([]);
});
