import { useQuery } from "@tanstack/react-query";
import type { Hit, JobResult } from "@/api/client";
import { fetchScoreSvg, fetchTimeMap } from "@/features/score/fetchPage";
import { useMedia } from "@/lib/useMedia";
import { ScoreClock } from "@/music/timeMap";

/** Below this width four bars a line cannot be read: two are drawn. */
export const NARROW = "(max-width: 47.99rem)";

/** A page of a long song takes megabytes, and each edit makes another: those before go soon. */
const PAGE_KEPT_MILLISECONDS = 10_000;

/** The page as it was drawn from one version of the result: picture, clock and hits fit together. */
export interface DrawnPage {
  svg: string;
  isNarrow: boolean;
  clock: ScoreClock;
  hits: readonly Hit[];
}

/**
 * The page of a result, drawn anew for each version of it.
 *
 * wantsNarrow: two bars a line; where nothing is said the screen decides.
 */
export function useDrawnPage(jobId: string, result: JobResult, wantsNarrow?: boolean) {
  const isSmall = useMedia(NARROW);
  const isNarrow =
    (wantsNarrow ?? isSmall) && result.downloads.some((download) => download.format === "svg-narrow");
  const address = (format: string) =>
    `/api/v1/jobs/${jobId}/download/${format}?version=${result.version}`;
  return useQuery({
    queryKey: ["jobs", jobId, "page", result.version, isNarrow],
    queryFn: async ({ signal }): Promise<DrawnPage> => {
      const [svg, map] = await Promise.all([
        fetchScoreSvg(address(isNarrow ? "svg-narrow" : "svg"), signal),
        fetchTimeMap(address("timemap"), signal),
      ]);
      return { svg, isNarrow, clock: new ScoreClock(map), hits: result.hits };
    },
    staleTime: Infinity,
    gcTime: PAGE_KEPT_MILLISECONDS,
    // The page before stays on the stand while the next one is written.
    placeholderData: (before) => before,
  });
}
