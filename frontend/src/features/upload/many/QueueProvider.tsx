"use client";

import { useQueryClient } from "@tanstack/react-query";
import { createContext, useContext, useEffect, useState, useSyncExternalStore, type ReactNode } from "react";
import { jobKeys } from "@/api/keys";
import { serviceDoors } from "./doors";
import { isUnsent, type QueueSnapshot } from "./queueItem";
import { BrowserQueueStore } from "./queueStore";
import { SongQueue } from "./songQueue";

const QueueContext = createContext<SongQueue | null>(null);

/** One queue for all views of the tab: it goes on while a song is looked at. */
export function QueueProvider({ children }: { children: ReactNode }) {
  const cache = useQueryClient();
  const [queue] = useState(
    () =>
      new SongQueue(serviceDoors(cache), new BrowserQueueStore(), () => {
        void cache.invalidateQueries({ queryKey: jobKeys.list });
      }),
  );
  useEffect(() => {
    queue.start();
    return () => queue.stop();
  }, [queue]);
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => {
      // What the browser keeps goes on by itself.
      if (queue.snapshot().items.some((item) => isUnsent(item) && !item.isKept)) event.preventDefault();
    };
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, [queue]);
  return <QueueContext.Provider value={queue}>{children}</QueueContext.Provider>;
}

/** The queue and what it shows now. */
export function useQueue(): [SongQueue, QueueSnapshot] {
  const queue = useContext(QueueContext);
  if (!queue) throw new Error("There is no QueueProvider around this view.");
  return [queue, useSyncExternalStore(queue.subscribe, queue.snapshot, SongQueue.nothing)];
}
