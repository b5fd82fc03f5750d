import type { QueryClient } from "@tanstack/react-query";
import { jobKeys } from "@/api/keys";
import "@/words/songs";
import { serviceDoors } from "./doors";
import { BrowserQueueStore } from "./queueStore";
import { SongQueue } from "./songQueue";

/** The queue of this tab, kept in the browser. cache: of the page, which is told when songs have become jobs. */
export const browserQueue = (cache: QueryClient): SongQueue =>
  new SongQueue(serviceDoors(cache), new BrowserQueueStore(), () => {
    void cache.invalidateQueries({ queryKey: jobKeys.list });
  });
