/** What the latency estimate knows about one operation: its kind, its arithmetic and the data it moves. */

/**
 * Kinds that a GPU treats differently. A vector is a feature map of one pixel, as squeeze-and-excitation
 * has them; 3x3 at stride 1 may run as Winograd's algorithm.
 */
export const operationKinds = [
  'conv-1x1',
  'conv-3x3',
  'conv-other',
  'conv-vector',
  'conv-grouped',
  'conv-depthwise',
  'fully-connected',
  'pool',
  'mean',
  'concat',
] as const;
export type OperationKind = (typeof operationKinds)[number];

/** Counts for one image. */
export interface Operation {
  readonly kind: OperationKind;
  readonly macs: number;
  readonly weights: number;
  readonly inputElements: number;
  readonly outputElements: number;
}

export interface ConvolutionSize {
  readonly inputChannels: number;
  readonly outputChannels: number;
  readonly group: number;
  readonly kernel: readonly [number, number];
  readonly strides: readonly [number, number];
  /** Output height and width. */
  readonly output: readonly [number, number];
}

/**
 * A convolution reads the pixels under its windows: padding counts, but edges that no window reaches do not.
 */
export function convolution(size: ConvolutionSize): Operation {
  const { inputChannels, outputChannels, group, kernel, strides, output } = size;
  const weights = (outputChannels * inputChannels * kernel[0] * kernel[1]) / group;
  const pixels = output[0] * output[1];
  return {
    kind: kindOf(size),
    macs: weights * pixels,
    weights,
    inputElements: inputChannels * windowed(output, kernel, strides),
    outputElements: outputChannels * pixels,
  };
}

function kindOf(size: ConvolutionSize): OperationKind {
  const { inputChannels, group, kernel, strides, output } = size;
  if (group > 1) return group === inputChannels ? 'conv-depthwise' : 'conv-grouped';
  if (output[0] * output[1] === 1) return 'conv-vector';
  if (kernel[0] * kernel[1] === 1) return 'conv-1x1';
  return kernel[0] === 3 && kernel[1] === 3 && strides[0] * strides[1] === 1
    ? 'conv-3x3'
    : 'conv-other';
}

/** Pixels of the input, padding included, from the first window's begin to the last one's end. */
export function windowed(
  output: readonly [number, number],
  kernel: readonly [number, number],
  strides: readonly [number, number],
): number {
  const edge = (axis: 0 | 1): number => (output[axis] - 1) * strides[axis] + kernel[axis];
  return edge(0) * edge(1);
}
