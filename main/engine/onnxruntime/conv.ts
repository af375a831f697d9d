/**
 * A convolution that sums in the order of all others. onnxruntime sums images of few channels channel by
 * channel, and everything else place by place of the kernel, as oneDNN and PyTorch always do. Channels of zeros
 * change no sum and bring about that order: a first layer that rounds differently flips the masks of all Relus
 * behind it.
 */
import type { NodeOf } from '../../graph/graph.ts';
import { definitionOf } from '../../graph/operators/index.ts';
import { elements } from '../../graph/shape.ts';
import type { Lowering, LoweringContext } from './context.ts';
import type { Known } from '../../common/known.ts';

/** Numbers in the widest vector, the block size of onnxruntime's blocked layout. */
const block = 16;

export const lowerConv: Lowering<'Conv'> = (node, context) => {
  const { builder } = context;
  definitionOf('Conv').write?.(widened(node, context), builder, context.shapeOf);
};

function widened(node: NodeOf<'Conv'>, context: LoweringContext): NodeOf<'Conv'> {
  const { builder } = context;
  const [image, weight, ...bias] = node.inputs as Known<string>;
  const numbers = context.constantOf(weight);
  const [outputs, channels, ...kernel] = context.shapeOf(weight) as Known<number>;
  const area = elements(kernel);
  if (node.attributes.group > 1 || channels >= block || area === 1 || !numbers) return node;
  const wide = builder.floats(`:wide_${weight}`, [outputs, block, ...kernel], () => {
    const padded = new Float32Array(outputs * block * area);
    for (let out = 0; out < outputs; out++) {
      const own = numbers.subarray(out * channels * area, (out + 1) * channels * area);
      padded.set(own, out * block * area);
    }
    return padded;
  });
  const zeros = [0, 0, 0, 0, 0, block - channels, 0, 0];
  return { ...node, inputs: [builder.pad(image, zeros), wide, ...bias] };
}
