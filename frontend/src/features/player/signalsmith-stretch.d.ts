declare module "signalsmith-stretch" {
  export interface StretchSegment {
    /** Context time from which this holds; both names, because the library reads both. */
    output: number;
    outputTime: number;
    active: boolean;
    input: number;
    rate: number;
    loopStart: number;
    loopEnd: number;
  }
  export interface StretchNode extends AudioWorkletNode {
    schedule(segment: Partial<StretchSegment>): Promise<unknown>;
    addBuffers(channels: Float32Array[], transfer: ArrayBufferLike[]): Promise<number>;
    dropBuffers(): Promise<unknown>;
  }
  interface CreateStretch {
    (context: BaseAudioContext, options: AudioWorkletNodeOptions): Promise<StretchNode>;
    /** Where the worklet's code is; by default a blob, which our policy does not let in. */
    moduleUrl?: string;
  }
  const createStretch: CreateStretch;
  export default createStretch;
}
