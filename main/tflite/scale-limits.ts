/** How far scales of one operator may lie apart, and when a clipped one has numbers to clip to. */
import type { Scale } from '../quantise/parameters.ts';
import type { Operator } from './model.ts';
import type { Builtin } from './schema.ts';

/**
 * Between what XNNPACK wants the factor from an operand's scale to the result's, or that of both operands of a product:
 * beyond, TensorFlow Lite 2.9 refuses the whole network. Twice and half of that, for whatever rounding does.
 * Source: XNNPACK, src/operators, `input_output_scale` and `product_output_scale`.
 */
export const factors: Partial<Record<Builtin, { readonly least: number; readonly most: number }>> =
  {
    ADD: { least: 2 ** -9, most: 2 ** 7 },
    SUB: { least: 2 ** -9, most: 2 ** 7 },
    MUL: { least: 2 ** -15, most: 2 ** 7 },
    MEAN: { least: 2 ** -7, most: 2 ** 7 },
    LEAKY_RELU: { least: 2 ** -7, most: 2 ** 6 },
  };
export const anyFactor = { least: 0, most: Infinity };
/** The same for a convolution. */
export const convolutionFactors = { least: 2 ** -30, most: 2 ** 7 };

/** In steps: a runtime refuses a bound that does not fit into its int32. */
const furthestBound = 2 ** 30;

/** Whether a clipped result has two numbers at all: a runtime refuses bounds that round to the same. */
export function hasRoom({ options }: Operator, { scale, zeroPoint }: Scale): boolean {
  const activation = options?.activation ?? 'NONE';
  if (activation === 'NONE') return true;
  const top = activation === 'RELU' ? Infinity : activation === 'RELU6' ? 6 : 1;
  const reached = top === Infinity || top / scale < furthestBound;
  return reached && top >= scale && zeroPoint < 127;
}
