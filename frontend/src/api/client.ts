import createClient from "openapi-fetch";
import { say } from "@/words";
import type { components, paths } from "./generated/schema";
import { ApiProblem, problemOf } from "./problem";

type Schemas = components["schemas"];

export type { components } from "./generated/schema";
export type JobStatus = Schemas["JobStatusOut"];
export type JobResult = Schemas["JobResultOut"];
export type JobList = Schemas["JobList"];
export type Hit = Schemas["HitOut"];
export type Instrument = Schemas["Instrument"];
export type Articulation = Schemas["Articulation"];
export type Download = Schemas["Download"];
export type WireStatus = JobStatus["status"];

export const API_PREFIX = "/api/v1";

/** Where the page itself came from: the page and its API always share an origin. */
export const origin = (): string => globalThis.location.origin;

/** The typed client. Addresses are absolute because tests run outside a browser too. */
export const api = createClient<paths>({
  // Read when called, so that a test can put another fetch in its place.
  fetch: (request) => globalThis.fetch(request),
  baseUrl: typeof location === "undefined" ? "" : location.origin,
  credentials: "same-origin",
});

type Answer<Data> = { data?: Data; error?: unknown; response: Response };

/**
 * The data of an answer.
 *
 * Throws ApiProblem: with the service's code where it answered, with the code `offline` where
 * nothing answered.
 */
export async function unwrap<Data>(call: Promise<Answer<Data>>): Promise<Data> {
  let answer: Answer<Data>;
  try {
    answer = await call;
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiProblem({ code: "offline", status: 0, detail: say("problems.offline") });
  }
  if (!answer.response.ok) throw problemOf(answer.response, answer.error);
  return answer.data as Data;
}

let session: Promise<void> | undefined;

/**
 * Asks for a session. Windows ask one after another where the browser can hold them to it: of two
 * that ask at once, each would get a session, and what was begun in the one would not be its own.
 */
const askForSession = () => {
  const ask = () => unwrap(api.POST("/api/v1/session"));
  return navigator.locks ? navigator.locks.request("drumscribe-session", ask) : ask();
};

/** Gives the browser its session cookie, once; jobs belong to it. */
export function ensureSession(): Promise<void> {
  session ??= askForSession().then(
    () => undefined,
    (error: unknown) => {
      session = undefined;
      throw error;
    },
  );
  return session;
}
