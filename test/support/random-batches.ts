/** Batches of noise, for tests in which only the arithmetic matters. */
import type { ClassificationBatches } from '../../main/task/batches.ts';
import { elements } from '../../main/graph/shape.ts';
import { noise } from './sketch.ts';

export function randomBatches({
  batchSize,
  batches = 2,
  inputShape = [3, 32, 32],
  classes = 10,
  seed = 0,
}: {
  batchSize: number;
  batches?: number;
  inputShape?: readonly [number, number, number];
  classes?: number;
  seed?: number;
}): ClassificationBatches {
  return {
    task: 'classification',
    batchSize,
    inputShape,
    classes,
    batches: Array.from({ length: batches }, (_, b) => ({
      inputs: noise(batchSize * elements(inputShape), 'batch', b, seed).map((x) => 1.7 * x),
      targets: Int32Array.from({ length: batchSize }, (_, n) => (n * 7 + 3 * b + seed) % classes),
    })),
    description: 'noise',
  };
}
