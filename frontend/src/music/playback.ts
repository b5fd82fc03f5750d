/** What the drum grid asks of whatever plays the song: where it is, and to go elsewhere. */
export interface Playback {
  /** The place in the recording that is heard now, in seconds. */
  position(): number;
  seek(seconds: number): void;
}
