import { say, type PlainKey } from "@/words";
import { EVERYTHING, needsAll, ORDERS, type Order, type Wanted } from "./findSongs";

const ORDER_WORDS: Readonly<Record<Order, PlainKey>> = {
  newest: "songs.order.newest",
  oldest: "songs.order.oldest",
  title: "songs.order.title",
  tempo: "songs.order.tempo",
  longest: "songs.order.longest",
};

/** Finds songs among many: words, tags, order. */
export function SongTools({
  wanted, tags, onWanted,
}: { wanted: Wanted; tags: readonly string[]; onWanted: (wanted: Wanted) => void }) {
  return (
    <div role="search" aria-label={say("songs.search_role")} className="mt-4 flex flex-wrap items-center gap-2">
      <input
        type="search"
        aria-label={say("songs.search_label")}
        placeholder={say("songs.search")}
        value={wanted.words}
        onChange={(event) => onWanted({ ...wanted, words: event.target.value })}
        className="min-h-11 min-w-0 flex-1 basis-48 rounded-full border border-line-strong bg-page px-5 placeholder:text-ink-faint sm:max-w-80"
      />
      <select
        aria-label={say("songs.order_label")}
        value={wanted.order}
        onChange={(event) => onWanted({ ...wanted, order: event.target.value as Order })}
        className="min-h-11 rounded-full border border-line-strong bg-page px-4"
      >
        {ORDERS.map((order) => (
          <option key={order} value={order}>
            {say(ORDER_WORDS[order])}
          </option>
        ))}
      </select>
      {tags.map((tag) => (
        <button
          key={tag}
          type="button"
          aria-pressed={wanted.tag === tag}
          onClick={() => onWanted({ ...wanted, tag: wanted.tag === tag ? null : tag })}
          className="min-h-11 cursor-pointer rounded-full border border-line-strong px-4 text-sm aria-pressed:border-pad aria-pressed:bg-pad aria-pressed:text-white"
        >
          {tag}
        </button>
      ))}
      {needsAll(wanted) ? (
        <button
          type="button"
          className="min-h-11 cursor-pointer px-2 text-sm underline underline-offset-4"
          onClick={() => onWanted(EVERYTHING)}
        >
          {say("songs.show_all")}
        </button>
      ) : null}
    </div>
  );
}
