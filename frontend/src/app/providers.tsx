"use client";

import { QueryClientProvider } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { newQueryClient } from "@/api/queryClient";
import { QueueProvider } from "@/features/upload/many/QueueProvider";

export function Providers({ children }: { children: ReactNode }) {
  const [client] = useState(newQueryClient);
  return (
    <QueryClientProvider client={client}>
      <QueueProvider>{children}</QueueProvider>
    </QueryClientProvider>
  );
}
