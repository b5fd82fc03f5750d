import { lazy } from "react";

/** What is asked, said and done once there is a song; nobody needs it before. */
export const loadChosenForm = () => import("./chosenForm");
export const LongSong = lazy(async () => ({ default: (await loadChosenForm()).LongSong }));
export const Refused = lazy(async () => ({ default: (await loadChosenForm()).Refused }));
export const SongForm = lazy(async () => ({ default: (await loadChosenForm()).SongForm }));

/** Most people bring one song: what several need comes when they do. */
export const loadMany = () => Promise.all([import("./many/sift"), import("./many/ManyForm")]);
export const ManyForm = lazy(async () => ({ default: (await loadMany())[1].ManyForm }));
export const QueueView = lazy(async () => ({ default: (await import("./many/QueueView")).QueueView }));
