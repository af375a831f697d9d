/**
 * Several batches at once: the network runs over the images of all of them, while statistics of a
 * normalisation, losses and weight gradients stay those of each batch. The result is the same to the bit; what
 * is saved is everything that is done once for each batch, and sums kept between batches.
 */
import type { Plan, PlanStep } from './plan.ts';

/** Steps that take images one by one, whatever else they do. */
const byImage: ReadonlySet<string> = new Set([
  ...['conv', 'conv-input-gradient', 'sum', 'relu', 'masked-sum', 'alias', 'product', 'reduce'],
  ...['average-pool', 'average-pool-gradient', 'max-pool', 'max-pool-gradient'],
  ...['padded-mean', 'padded-mean-gradient', 'swish', 'swish-gradient', 'sigmoid', 'affine'],
  ...['add', 'subtract', 'multiply', 'divide', 'clip', 'inside', 'hard-sigmoid', 'hard-swish'],
  ...['leaky-relu', 'elu', 'gelu', 'gelu-tanh', 'tanh', 'exp', 'square'],
]);

/** Steps that keep batches apart by themselves. */
const byBatch: ReadonlySet<string> = new Set([
  ...['batch-normalization', 'batch-normalization-gradient'],
  ...['cross-entropy', 'cross-entropy-gradient'],
]);

/** Steps that sum over images: each batch's sum has to be a weight's whole gradient. */
const overImages: ReadonlySet<string> = new Set(['conv-weight-gradient', 'product']);

/**
 * Whether a plan for the images of several batches keeps these apart.
 * @param plan for so many images
 */
export function keepsBatchesApart(plan: Plan, images: number): boolean {
  const wanted = new Set(plan.gradients);
  const used = new Set(plan.steps.flatMap(({ inputs }) => inputs));
  if (plan.gradients.some((value) => used.has(value))) return false;
  /** Values that do not depend on images. */
  const fixed = new Set<number>();
  plan.values.forEach(({ constant, drawn }, value) => {
    if (constant || drawn) fixed.add(value);
  });
  const ofImages = (value: number) => plan.values[value]?.dims[0] === images;
  const ready = (step: PlanStep): boolean => {
    const depending = step.inputs.filter((value) => !fixed.has(value));
    if (step.op === 'alias' && depending.length === 0) {
      for (const value of step.outputs) fixed.add(value);
      return true;
    }
    if (step.outputs.some((value) => wanted.has(value))) {
      return (
        overImages.has(step.op) &&
        step.inputs.every((value) => !fixed.has(value) && ofImages(value))
      );
    }
    if (step.op.startsWith('batch-normalization')) return ofImages(step.inputs[0]!);
    const everyImage = [...depending, ...step.outputs].every(ofImages);
    if (byBatch.has(step.op)) return everyImage;
    if (!byImage.has(step.op) || !everyImage) return false;
    // Rows of the first factor are images; the second is the same for all of them.
    if (step.op === 'product') return step.ints[0] === 0 && fixed.has(step.inputs[1]!);
    return step.op !== 'reduce' || step.ints[0] === 0;
  };
  return plan.inputs.every(ofImages) && plan.steps.every(ready);
}

/** Memory that several batches at once may take where one at a time takes less: more does not fit a cache. */
const spareBytes = 16 * 2 ** 20;
/**
 * What is kept of each weight where batches come one after the other: the gradients of all but the last, or
 * three sums in double precision (native/statistics.cpp).
 */
const keptBytes = (batches: number): number => Math.min(4 * (batches - 1), 24);

export interface Needed {
  readonly batches: number;
  /** Values of all batches that the backward pass reads. */
  readonly values: number;
  /** Of the network. */
  readonly weights: number;
}

/**
 * How many batches to compute at once, a divisor of their number: all where that needs little more memory
 * than one after the other, else as many as need little. It depends on sizes alone.
 */
export function batchesAtOnce({ batches, values, weights }: Needed): number {
  const one = values / batches;
  const saved = keptBytes(batches) * weights;
  if (values - one <= Math.max(saved, spareBytes)) return batches;
  const divisors = Array.from({ length: batches }, (_, i) => batches - i).filter(
    (count) => count < batches && batches % count === 0,
  );
  return divisors.find((count) => (count - 1) * one <= spareBytes) ?? 1;
}
