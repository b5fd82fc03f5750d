import type { Recording } from "./recording";
import type { SourceGains } from "./sources";
import { createStretchNode, type StretchNode } from "./stretch";
import type { Anchor } from "./transport";

/** The recording and its stems as they sound, at any speed; silence until there are any. */
export class RecordingSound {
  private node: StretchNode | null = null;

  constructor(
    private readonly context: AudioContext,
    private readonly gains: SourceGains,
  ) {}

  /** A node that holds the samples; they move to the audio thread and are gone from here. */
  async prepare(recording: Recording): Promise<StretchNode> {
    const all = recording.channels.flat();
    const node = await createStretchNode(this.context, all.length);
    await node.addBuffers(
      [...all],
      all.map((samples) => samples.buffer),
    );
    return node;
  }

  /** Lets a node be heard, each stem at its own gain, in the place of the one before. */
  use(node: StretchNode, recording: Recording): void {
    const perStem = recording.channels[0]?.length ?? 0;
    this.node?.disconnect();
    const splitter = this.context.createChannelSplitter(recording.channels.flat().length);
    node.connect(splitter);
    recording.stems.forEach((name, stem) => {
      const merger = this.context.createChannelMerger(2);
      for (let side = 0; side < 2; side += 1) {
        splitter.connect(merger, stem * perStem + Math.min(side, perStem - 1), side);
      }
      merger.connect(this.gains.of(name));
    });
    this.node = node;
  }

  start({ contextSeconds, positionSeconds, rate, loop }: Anchor): void {
    const isLooped = loop !== null && positionSeconds < loop.endSeconds;
    void this.node?.schedule({
      output: contextSeconds,
      outputTime: contextSeconds,
      active: true,
      input: positionSeconds,
      rate,
      loopStart: isLooped ? loop.startSeconds : 0,
      loopEnd: isLooped ? loop.endSeconds : 0,
    });
  }

  stop(): void {
    const now = this.context.currentTime;
    void this.node?.schedule({ output: now, outputTime: now, active: false });
  }
}
