// What is needed once something was chosen: one file for the browser, fetched after the first paint.
export { lookAt } from "./look";
export { LongSong } from "./LongSong";
export { Refused } from "./Refused";
export { sendSong } from "./sendSong";
export { SongForm } from "./SongForm";
