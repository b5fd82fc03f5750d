import { afterEach, expect, test } from "vitest";
import { ApiProblem } from "@/api/problem";
import { fileSize, longAgo, remainingTime } from "@/lib/format";
import { say } from "@/words";
import { showIn } from "@/words/language";
import { barsInWords } from "./barWords";

afterEach(() => showIn("en"));

test("plurals_follow_the_language", async () => {
  await showIn("de");
  expect(say("count.notes", { count: 1 })).toBe("1 Note");
  expect(say("count.notes", { count: 1204 })).toBe("1.204 Noten");
  await showIn("es");
  expect(say("count.songs", { count: 1 })).toBe("1 canción");
  expect(say("count.songs", { count: 0 })).toBe("0 canciones");
  expect(say("count.songs", { count: 12_040 })).toBe("12.040 canciones");
});

test("html_says_the_language_that_is_shown", async () => {
  await showIn("es");
  expect(document.documentElement.lang).toBe("es");
});

test("sizes_and_times_are_written_as_in_the_language", async () => {
  await showIn("de");
  expect(fileSize(1_535_679)).toBe("1,5 MB");
  expect(remainingTime(200)).toBe("noch etwa 3 Minuten");
  const now = new Date("2026-05-02T12:00:00Z");
  expect(longAgo("2026-05-02T10:00:00Z", now)).toBe("vor 2 Stunden");
  expect(longAgo("2026-04-29T10:00:00Z", now)).toBe("29. April");
});

test("problem_with_a_known_code_speaks_the_language", async () => {
  const said = { code: "rate_limited", status: 429, detail: "Too many requests." };
  expect(new ApiProblem(said).message).toBe("Too many requests.");
  await showIn("de");
  expect(new ApiProblem(said).message).toBe("Das war viel auf einmal. Versuche es in einer Minute noch einmal.");
  // What the page has no words for is better said in English than not at all.
  expect(new ApiProblem({ ...said, code: "new_code" }).message).toBe("Too many requests.");
});

test("bars_are_read_out_as_drummers_say_them", async () => {
  const note = { measure: 1, position: "3/2", instrument: "hihat_closed", is_grace: false, time: 1, id: 1 };
  const map = {
    measures: [{ number: 1, start: 0, time_signature: "4/4" }],
    notes: [note, { ...note, position: "0/1", instrument: "kick" }],
  } as unknown as Parameters<typeof barsInWords>[0];
  await showIn("de");
  expect(barsInWords(map)[0]?.words).toBe("Schlag 2 und: Hi-Hat; Schlag 1: Bassdrum");
  await showIn("es");
  expect(barsInWords(map)[0]?.words).toBe("pulso 2 y: charles; pulso 1: bombo");
});
