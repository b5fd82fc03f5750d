import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { API_PREFIX } from "@/api/client";
import { problemOf } from "@/api/problem";
import { say } from "@/words";
import type { SetList } from "./useSetLists";

async function asked(address: string): Promise<Response> {
  const answer = await fetch(address, { credentials: "same-origin" });
  if (!answer.ok) throw problemOf(answer, await answer.json().catch(() => undefined));
  return answer;
}

/** Makes the PDF of a set list and saves it; words: what is being done meanwhile. */
export function usePrintSetList() {
  const [words, setWords] = useState<string | null>(null);
  const mutation = useMutation({
    mutationFn: async (list: SetList) => {
      // Song by song, so that one sees how far it is; the booklet itself then takes a moment.
      for (const [index, jobId] of list.job_ids.entries()) {
        setWords(say("sets.drawing", { number: index + 1, all: list.job_ids.length }));
        // A song without a page is named by the answer to the booklet.
        await fetch(`${API_PREFIX}/jobs/${jobId}/download/pdf`, { method: "HEAD" }).catch(() => undefined);
      }
      setWords(say("sets.binding"));
      const booklet = await (await asked(`${API_PREFIX}/set-lists/${list.id}/pdf`)).blob();
      const link = document.createElement("a");
      link.href = URL.createObjectURL(booklet);
      link.download = `${list.name.replaceAll(/[/\\:*?"<>|]/g, " ")}.pdf`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    },
    onSettled: () => setWords(null),
  });
  return { ...mutation, words };
}
