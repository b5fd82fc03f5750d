import { EVERYTHING, needsAll, ORDERS, type Order, type Wanted } from "./findSongs";

const ORDER_WORDS: Readonly<Record<Order, string>> = {
  newest: "Newest first",
  oldest: "Oldest first",
  title: "By title",
  tempo: "By tempo",
  longest: "Longest first",
};

/** Finds songs among many: words, tags, order. */
export function SongTools({
  wanted, tags, onWanted,
}: { wanted: Wanted; tags: readonly string[]; onWanted: (wanted: Wanted) => void }) {
  return (
    <div role="search" aria-label="Songs" className="mt-4 flex flex-wrap items-center gap-2">
      <input
        type="search"
        aria-label="Search my songs"
        placeholder="Search"
        value={wanted.words}
        onChange={(event) => onWanted({ ...wanted, words: event.target.value })}
        className="min-h-11 min-w-0 flex-1 basis-48 rounded-full border border-line-strong bg-page px-5 placeholder:text-ink-faint sm:max-w-80"
      />
      <select
        aria-label="Order of my songs"
        value={wanted.order}
        onChange={(event) => onWanted({ ...wanted, order: event.target.value as Order })}
        className="min-h-11 rounded-full border border-line-strong bg-page px-4"
      >
        {ORDERS.map((order) => (
          <option key={order} value={order}>
            {ORDER_WORDS[order]}
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
          Show all
        </button>
      ) : null}
    </div>
  );
}
