"use client";

import { QueryClientProvider } from "@tanstack/react-query";
import { useEffect, useState, type ReactNode } from "react";
import { newQueryClient } from "@/api/queryClient";
import { keepSongsOffline } from "@/lib/offline";
import { WordsProvider } from "@/words/WordsProvider";
import { QueueProvider } from "@/features/upload/many/QueueProvider";

export function Providers({ children }: { children: ReactNode }) {
  const [client] = useState(newQueryClient);
  useEffect(keepSongsOffline, []);
  return (
    <QueryClientProvider client={client}>
      <WordsProvider>
        <QueueProvider>{children}</QueueProvider>
      </WordsProvider>
    </QueryClientProvider>
  );
}
