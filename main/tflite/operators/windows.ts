/** Windows over images: which padding says the same as ONNX's, and what is padded beforehand. */
import type { Pads, Pair } from '../../graph/operators/attributes.ts';
import type { Emitter } from '../emitter.ts';
import type { TensorIndex } from '../model.ts';
import { options, type Padding } from '../schema.ts';

export interface Windows {
  readonly kernel: Pair;
  readonly strides: Pair;
  readonly dilations: Pair;
  readonly pads: Pads;
}

/**
 * What SAME pads along one axis: as little as gives ceil(size / stride) outputs, with the odd one at the end. Null
 * where the last window ends before the image does, as one of 1 with a stride of 2 may: XNNPACK in TensorFlow Lite
 * 2.9 then takes the negative difference for an enormous padding, and reads nothing but padding.
 */
function samePads(size: number, kernel: number, stride: number, dilation: number): Pair | null {
  const windows = Math.ceil(size / stride);
  const total = (windows - 1) * stride + dilation * (kernel - 1) + 1 - size;
  return total < 0 ? null : [total >> 1, total - (total >> 1)];
}

/** SAME or VALID if one of them pads as the node does, else null. */
export function paddingOf(height: number, width: number, windows: Windows): Padding | null {
  const { kernel, strides, dilations, pads } = windows;
  if (pads.every((size) => size === 0)) return 'VALID';
  const rows = samePads(height, kernel[0], strides[0], dilations[0]);
  const columns = samePads(width, kernel[1], strides[1], dilations[1]);
  if (!rows || !columns) return null;
  const same = [rows[0], columns[0], rows[1], columns[1]];
  return pads.every((size, i) => size === same[i]) ? 'SAME' : null;
}

/**
 * The image, padded beforehand.
 * @param value the network's value that it holds
 * @param fill the value of the padding; zero by default
 */
export function padded(
  emitter: Emitter,
  image: TensorIndex,
  windows: Windows,
  fill = 0,
): { readonly image: TensorIndex; readonly padding: Padding } {
  const { shape, value } = emitter.tensors[image]!;
  const [batch, height, width, channels] = shape as readonly [number, number, number, number];
  const padding = paddingOf(height, width, windows);
  if (padding) return { image, padding };
  const [top, left, bottom, right] = windows.pads;
  const larger = [batch, height + top + bottom, width + left + right, channels];
  const pads = emitter.integers([0, 0, top, bottom, left, right, 0, 0], [4, 2]);
  const inputs = fill === 0 ? [image, pads] : [image, pads, emitter.number(fill)];
  const made =
    fill === 0
      ? emitter.op('PAD', inputs, larger, value, options.pad())
      : emitter.op('PADV2', inputs, larger, value);
  return { image: made, padding: 'VALID' };
}
