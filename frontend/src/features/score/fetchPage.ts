import { ApiProblem, problemOf } from "@/api/problem";
import type { TimeMap } from "@/music/timeMap";
import { say } from "@/words";

async function download(url: string, signal: AbortSignal): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, { signal, credentials: "same-origin" });
  } catch (error) {
    if (signal.aborted) throw error;
    throw new ApiProblem({ code: "offline", status: 0, detail: say("problems.offline") });
  }
  if (!response.ok) throw problemOf(response, await response.json().catch(() => undefined));
  return response;
}

export async function fetchTimeMap(url: string, signal: AbortSignal): Promise<TimeMap> {
  return (await (await download(url, signal)).json()) as TimeMap;
}

export async function fetchScoreSvg(url: string, signal: AbortSignal): Promise<string> {
  return (await download(url, signal)).text();
}
