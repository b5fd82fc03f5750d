import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, ensureSession, unwrap, type components } from "@/api/client";

export type SetList = components["schemas"]["SetListOut"];

const KEY = ["set-lists"] as const;

/** Own set lists, the oldest first. */
export function useSetLists() {
  return useQuery({
    queryKey: KEY,
    queryFn: async ({ signal }) => {
      await ensureSession();
      return unwrap(api.GET("/api/v1/set-lists", { signal }));
    },
  });
}

/** Makes a set list, or replaces one (with its id). */
export function useSaveSetList() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: async ({ id, name, job_ids }: { id?: string; name: string; job_ids: string[] }) => {
      await ensureSession();
      const body = { name, job_ids };
      return id === undefined
        ? unwrap(api.POST("/api/v1/set-lists", { body }))
        : unwrap(api.PUT("/api/v1/set-lists/{set_list_id}", { params: { path: { set_list_id: id } }, body }));
    },
    onSuccess: (saved) => {
      cache.setQueryData<SetList[]>(KEY, (lists = []) =>
        lists.some(({ id }) => id === saved.id)
          ? lists.map((list) => (list.id === saved.id ? saved : list))
          : [...lists, saved],
      );
      // Lists that were asked for before would come without it.
      void cache.invalidateQueries({ queryKey: KEY });
    },
    // A song may have been deleted, or another tab was at it.
    onError: () => void cache.invalidateQueries({ queryKey: KEY }),
  });
}

export function useDeleteSetList() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: async (id: string) => {
      await ensureSession();
      await unwrap(api.DELETE("/api/v1/set-lists/{set_list_id}", { params: { path: { set_list_id: id } } }));
      return id;
    },
    onSettled: () => void cache.invalidateQueries({ queryKey: KEY }),
  });
}
