import { QueryClientProvider } from "@tanstack/react-query";
import { render } from "@testing-library/react";
import type { ReactElement } from "react";
import { newQueryClient } from "@/api/queryClient";
import { WordsProvider } from "@/words/WordsProvider";

/** Renders as the page does, with a cache of its own and without waiting between tries. */
export function renderView(view: ReactElement) {
  const client = newQueryClient();
  client.setDefaultOptions({ queries: { ...client.getDefaultOptions().queries, retryDelay: 1 } });
  return render(
    <QueryClientProvider client={client}>
      <WordsProvider>{view}</WordsProvider>
    </QueryClientProvider>,
  );
}
