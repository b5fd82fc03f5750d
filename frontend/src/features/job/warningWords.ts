import { among } from "@/lib/among";
import { say, shownLanguage } from "@/words";
import "@/words/song";

/** Warnings whose help is the same: listen again. */
const HARDLY_HEARD = ["few_hits", "kick_hardly_heard", "snare_hardly_heard", "cymbals_hardly_heard"] as const;
const WITH_HELP = ["low_confidence", "bpm_unreliable"] as const;
const WITH_DETAIL = ["several_tracks", "tempo_does_not_fit"] as const;
const WITH_BOTH = ["sound_missing", "phase_inverted"] as const;

/** Warnings of a result: what is meant and what to do. details: the service's own words, in English. */
export function warningWords(warning: string, details = ""): { title: string; help: string } {
  // The service's sentence has figures in it, but speaks English only.
  const detail = (code: (typeof WITH_DETAIL | typeof WITH_BOTH)[number]) =>
    details && shownLanguage() === "en" ? details : say(`warnings.${code}_detail`);
  if (among(HARDLY_HEARD, warning)) {
    return { title: say(`warnings.${warning}`), help: say("warnings.listen_again") };
  }
  if (among(WITH_HELP, warning)) {
    return { title: say(`warnings.${warning}`), help: say(`warnings.${warning}_help`) };
  }
  if (among(WITH_DETAIL, warning)) return { title: say(`warnings.${warning}`), help: detail(warning) };
  if (among(WITH_BOTH, warning)) {
    const help = say(`warnings.${warning}_help`, { details: detail(warning) });
    return { title: say(`warnings.${warning}`), help };
  }
  return { title: say("warnings.note"), help: details || warning.replaceAll("_", " ") };
}
