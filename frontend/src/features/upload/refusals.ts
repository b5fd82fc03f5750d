import type { ApiProblem } from "@/api/problem";

/** Why a song was not taken, and what to do about it. */
export function refusalWords(problem: ApiProblem): { title: string; help: string } {
  switch (problem.code) {
    case "quota_exceeded":
      return {
        title: "Your other songs come first",
        help: `${problem.message} Wait until one of them is done, or cancel one below.`,
      };
    case "rate_limited":
      return { title: "A moment, please", help: "That was a lot at once. Try again in a minute." };
    case "payload_too_large":
      return { title: "The file is too large", help: problem.message };
    case "not_audio":
      return {
        title: "This is not a recording",
        help: `${problem.message} WAV, MP3, FLAC, OGG, M4A and most other sound files are fine.`,
      };
    case "unsupported_link":
      return {
        title: "This link is not understood",
        help: "Copy the address of one YouTube video, or upload the song as a file.",
      };
    case "links_disabled":
      return { title: "Links are switched off here", help: "Upload the song as a file instead." };
    case "storage_full":
      return {
        title: "The service has no room left",
        help: "Whoever runs it has to make some. Deleting old songs below may help.",
      };
    case "not_authenticated":
      return {
        title: "This service asks for a key",
        help: "It takes songs only through its API, with a key from whoever runs it.",
      };
    case "bad_answer":
      return {
        title: "Something in between answered",
        help: "Not the service, but something before it refused the song. It may be too large for it.",
      };
    default:
      return { title: "The song was not taken", help: problem.message };
  }
}
