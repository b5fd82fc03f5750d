// Compiles the catalogues (src/words/*.json, ICU messages) into what the page loads: English in parts,
// each with the views that say it, every other language as one file that is fetched when it is wanted. Writes the type of the keys and of what each message needs, too.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { compileMessage } from "@lingui/message-utils/compileMessage";
import { parse } from "@messageformat/parser";

const words = path.resolve(import.meta.dirname, "..", "src", "words");
const compiled = path.join(words, "compiled");
const OTHERS = ["de", "es"];
/** Which English comes with which part of the page (src/words/<part>.ts); all else comes with the first. */
const PARTS = {
  music: ["music", "tap"],
  jobs: ["failures", "job", "keep", "stages"],
  songs: ["queue", "sets", "songs"],
  form: ["file", "form", "refusals"],
  song: ["again", "ended", "files", "result", "share", "warnings"],
  workspace: ["bars", "bring", "editor", "keys", "player", "refining", "review", "score", "settings", "stand", "workspace"],
};
/** The service's errors are in English already; the page's own words for them are seldom needed. */
const PROBLEMS_OF_THE_PAGE = new Set(
  ["problems.offline", "problems.other_answer", "problems.broke_off", "problems.timed_out"],
);

function partOf(key) {
  if (PROBLEMS_OF_THE_PAGE.has(key)) return "start";
  const [namespace] = key.split(".", 1);
  if (namespace === "problems") return "workspace";
  return Object.keys(PARTS).find((part) => PARTS[part].includes(namespace)) ?? "start";
}

/** What a message needs: the name of each value and whether it is a number. */
export function needsOf(tokens, needs = new Map()) {
  for (const token of tokens) {
    if (token.type === "plural" || token.type === "selectordinal") needs.set(token.arg, "number");
    else if (token.type === "function") needs.set(token.arg, "number");
    else if (token.type === "select") needs.set(token.arg, "string");
    else if (token.type === "argument" && !needs.has(token.arg)) needs.set(token.arg, "string | number");
    for (const { tokens: inner } of token.cases ?? []) needsOf(inner, needs);
  }
  return needs;
}

const read = async (language) => JSON.parse(await readFile(path.join(words, `${language}.json`), "utf8"));

async function write(name, messages) {
  const ready = Object.fromEntries(Object.entries(messages).map(([key, text]) => [key, compileMessage(text)]));
  await writeFile(path.join(compiled, name), JSON.stringify(ready));
}

await mkdir(compiled, { recursive: true });
const english = await read("en");
const all = Object.entries(english);
for (const part of ["start", ...Object.keys(PARTS)]) {
  await write(`en.${part}.json`, Object.fromEntries(all.filter(([key]) => partOf(key) === part)));
}
for (const language of OTHERS) await write(`${language}.json`, await read(language));
const lines = all.map(([key, text]) => {
  const needs = [...needsOf(parse(text))].map(([name, kind]) => `${name}: ${kind}`).join("; ");
  return `  ${JSON.stringify(key)}: ${needs ? `{ ${needs} }` : "undefined"};`;
});
await writeFile(
  path.join(compiled, "messages.ts"),
  `// Written by scripts/compile_words.mjs; do not edit.\n\n/** Every message, and what it needs. */\nexport interface Messages {\n${lines.join("\n")}\n}\n`,
);
