"use client";

import { lazy, useEffect } from "react";
import { JobView } from "@/features/job/JobView";
import { useNoStrayDrops } from "@/features/upload/useNoStrayDrops";
import "@/words/song";

/** Player and editor are large, and nobody needs them before there is a page. */
const loadWorkspace = () => import("@/features/workspace");
const Workspace = lazy(async () => ({ default: (await loadWorkspace()).ResultWorkspace }));

/** One song: how far it is, and the workspace once it is there. */
export function SongPage() {
  // Somebody else's song, or one that is not ready yet, takes no score.
  useNoStrayDrops();
  useEffect(() => {
    // So that the page stands there the moment that it is ready.
    loadWorkspace().catch(() => undefined);
  }, []);
  return <JobView Workspace={Workspace} />;
}
