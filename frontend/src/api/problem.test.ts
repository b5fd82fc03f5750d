import { expect, test } from "vitest";
import { problemFrom } from "./problem";

test("problemFrom_document_keeps_code_and_words", () => {
  const problem = problemFrom(429, { code: "quota_exceeded", detail: "Three at a time." }, "30");
  expect(problem.code).toBe("quota_exceeded");
  expect(problem.message).toBe("Three at a time.");
  expect(problem.retryAfterSeconds).toBe(30);
  expect(problem.isPassing).toBe(true);
});

test("problemFrom_page_of_a_proxy_counts_as_offline", () => {
  expect(problemFrom(502, "<html>Bad gateway</html>").code).toBe("offline");
});

test("problemFrom_unknown_body_is_a_bad_answer", () => {
  const problem = problemFrom(404, null);
  expect(problem.code).toBe("bad_answer");
  expect(problem.isPassing).toBe(false);
});
