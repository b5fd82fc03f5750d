import { say, sayIfKnown, shownLanguage } from "@/words";
/**
 * A problem in the reader's language: by its code where the page has words for it, else as the
 * service put it, in English. English keeps the service's own words: they have the figures.
 */
export function problemWords(code: string, detail: string): string {
  if (shownLanguage() === "en") return detail;
  return sayIfKnown(`problems.${code}`) ?? detail;
}

/** What the service says when something went wrong (RFC 9457), as an error that can be thrown. */
export class ApiProblem extends Error {
  /** Stable; `offline` where no service answered, `bad_answer` where something else did. */
  readonly code: string;
  /** HTTP status; 0 where there was no answer. */
  readonly status: number;
  /** When to try again, where the service said so. */
  readonly retryAfterSeconds: number | null;

  constructor(said: {
    code: string;
    status: number;
    detail: string;
    retryAfterSeconds?: number | null;
  }) {
    super(problemWords(said.code, said.detail));
    this.name = "ApiProblem";
    this.code = said.code;
    this.status = said.status;
    this.retryAfterSeconds = said.retryAfterSeconds ?? null;
  }

  /** Trying the same again may help. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** What is answered; null where there is no such song any more: somebody was faster, and gone is gone. */
export async function unlessGone<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ApiProblem && error.code === "job_not_found") return null;
    throw error;
  }
}

/** The problem in an answer; also where a proxy answered with something of its own. */
export function problemOf(response: Response, body: unknown): ApiProblem {
  return problemFrom(response.status, body, response.headers.get("Retry-After"));
}

/** The same from the parts, for answers that did not come by fetch. */
export function problemFrom(
  status: number,
  body: unknown,
  retryAfter: string | null = null,
): ApiProblem {
  const seconds = Number(retryAfter);
  const retryAfterSeconds = retryAfter !== null && Number.isFinite(seconds) ? seconds : null;
  if (isDocument(body)) {
    return new ApiProblem({ code: body.code, status, detail: body.detail, retryAfterSeconds });
  }
  return new ApiProblem({
    code: status >= 502 && status <= 504 ? "offline" : "bad_answer",
    status,
    detail: say("problems.other_answer", { status }),
    retryAfterSeconds,
  });
}

function isDocument(body: unknown): body is { code: string; detail: string } {
  return (
    typeof body === "object" &&
    body !== null &&
    "code" in body &&
    typeof body.code === "string" &&
    "detail" in body &&
    typeof body.detail === "string"
  );
}
