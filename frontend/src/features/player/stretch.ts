import createStretch, { type StretchNode } from "signalsmith-stretch";

export type { StretchNode };

/** Copied there from the package at build time, so that the page's policy lets it in. */
const MODULE_URL = "/worklets/signalsmith-stretch.mjs";

/** A node that plays buffers of `channels` channels at any speed and keeps the pitch. */
export async function createStretchNode(
  context: AudioContext,
  channels: number,
): Promise<StretchNode> {
  createStretch.moduleUrl = MODULE_URL;
  return createStretch(context, {
    // It looks at its input even where there is none to come.
    numberOfInputs: 1,
    numberOfOutputs: 1,
    outputChannelCount: [channels],
    channelCountMode: "explicit",
    channelInterpretation: "discrete",
  });
}
