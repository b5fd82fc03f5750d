import type { Hit, Instrument } from "@/api/client";
import { say } from "@/words";
import { instrumentName } from "./instruments";
import { INSTRUMENTS } from "./staffOrder";
import { articulationsOf } from "./strokes";

/** What a drummer takes for a drum of its own, though it is a way to strike another one. */
export const OWN_ROWS = ["crash-2", "china", "splash", "ride-bell", "pedal"] as const;
export type OwnRow = (typeof OWN_ROWS)[number];

const DRUM_OF: Readonly<Record<OwnRow, Instrument>> = {
  "crash-2": "crash", china: "crash", splash: "crash", "ride-bell": "ride", pedal: "hihat_closed",
};

/** A row of the drum grid. own: the way to strike it that has this row; null: every other way. */
export interface Lane {
  readonly instrument: Instrument;
  readonly own: OwnRow | null;
}

export const plainLane = (instrument: Instrument): Lane => ({ instrument, own: null });
const ownLane = (own: OwnRow): Lane => ({ instrument: DRUM_OF[own], own });

export const laneKey = ({ instrument, own }: Lane): string => own ?? instrument;

export const laneName = ({ instrument, own }: Lane): string => (own ? say(`music.row.${own}`) : instrumentName(instrument));

/** Two letters, where there is no room for the name. */
export const laneSign = ({ instrument, own }: Lane): string => say(`music.lane.${own ?? instrument}`);

const ownRowOf = ({ articulation }: Pick<Hit, "articulation">): OwnRow | null =>
  OWN_ROWS.find((row) => row === articulation) ?? null;

/** The rows from top to bottom: every drum, and what is played or was asked for besides; the foot's hat at the foot. */
export function lanesOf(hits: readonly Pick<Hit, "articulation">[], asked: ReadonlySet<OwnRow>): Lane[] {
  const played = new Set(hits.map(ownRowOf));
  const shown = OWN_ROWS.filter((row) => asked.has(row) || played.has(row));
  const feet = shown.filter((row) => row === "pedal");
  return [
    ...INSTRUMENTS.flatMap((instrument) => [
      plainLane(instrument),
      ...shown.filter((row) => row !== "pedal" && DRUM_OF[row] === instrument).map(ownLane),
    ]),
    ...feet.map(ownLane),
  ];
}

/** Index of the row that a stroke stands in. */
export function laneIndex(lanes: readonly Lane[], hit: Pick<Hit, "instrument" | "articulation">): number {
  const own = lanes.findIndex((lane) => lane.own !== null && lane.own === hit.articulation);
  return own >= 0 ? own : lanes.findIndex((lane) => lane.own === null && lane.instrument === hit.instrument);
}

/** The stroke as it is struck in that row; how it was struck stays where the drum can be struck so. */
export function inLane(hit: Hit, { instrument, own }: Lane): Hit {
  const stays = ownRowOf(hit) === null && articulationsOf(instrument).includes(hit.articulation);
  return { ...hit, instrument, articulation: own ?? (stays ? hit.articulation : null) };
}

/** A stroke so many rows lower (higher: below 0), not beyond the first and the last one. */
export function lower(lanes: readonly Lane[], hit: Hit, by: number): Hit {
  if (by === 0) return hit;
  const to = Math.min(lanes.length - 1, Math.max(0, laneIndex(lanes, hit) + by));
  return inLane(hit, lanes[to] ?? plainLane(hit.instrument));
}
