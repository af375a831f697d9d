import type { Graph } from '../../graph/graph.ts';

/** What a network gives, as `toChannelsLast`; outputs whose channels the file has last are so already. */
export const outputChannelsLast = (
  { channelsLast }: Graph,
  value: string,
  data: Float32Array,
  shape: readonly number[],
): Float32Array => (channelsLast?.includes(value) ? data : toChannelsLast(data, shape));

/** N, C, H, W as N, H, W, C for one image; anything else as it is. */
export function toChannelsLast(data: Float32Array, shape: readonly number[]): Float32Array {
  if (shape.length !== 4) return data;
  const [, channels, height, width] = shape as [number, number, number, number];
  const places = height * width;
  const out = new Float32Array(data.length);
  for (let c = 0; c < channels; c++) {
    for (let p = 0; p < places; p++) out[p * channels + c] = data[c * places + p]!;
  }
  return out;
}
