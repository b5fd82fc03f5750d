"use client";

import { useQueryClient } from "@tanstack/react-query";
import { createContext, useContext, useEffect, useState, type ReactNode } from "react";
import { isUnsent } from "./queueItem";
import type { SongQueue } from "./songQueue";

const QueueContext = createContext<SongQueue | null>(null);

/** One queue for all views of the tab: it goes on while a song is looked at. */
export function QueueProvider({ children }: { children: ReactNode }) {
  const cache = useQueryClient();
  const [queue, setQueue] = useState<SongQueue | null>(null);
  useEffect(() => {
    // It comes once the first page stands there; what an earlier tab left undone can wait that long.
    import("./browserQueue").then(
      ({ browserQueue }) => setQueue((known) => known ?? browserQueue(cache)),
      // Without it single songs can be handed in; the next load of the page tries again.
      () => undefined,
    );
  }, [cache]);
  useEffect(() => {
    if (!queue) return;
    queue.start();
    const ask = (event: BeforeUnloadEvent) => {
      // What the browser keeps goes on by itself.
      if (queue.snapshot().items.some((item) => isUnsent(item) && !item.isKept)) event.preventDefault();
    };
    addEventListener("beforeunload", ask);
    return () => {
      removeEventListener("beforeunload", ask);
      queue.stop();
    };
  }, [queue]);
  return <QueueContext.Provider value={queue}>{children}</QueueContext.Provider>;
}

/** The queue; null before it has come. */
export const useQueue = (): SongQueue | null => useContext(QueueContext);
