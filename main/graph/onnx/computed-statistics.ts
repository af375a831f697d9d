/**
 * BatchNormalization whose mean and variance the network computes, as PyTorch's exporter of today writes weights that
 * are standardised: it is taken apart, because nothing about it is running, and gradients go through the statistics.
 */
import { Composition } from '../operators/composed.ts';
import type { ExpandedNode, ExpansionContext } from '../operators/operator.ts';
import type { OnnxNode } from './node.ts';

/** Places of mean and variance among the inputs. */
const [meanInput, varianceInput] = [3, 4] as const;

/** Null for every other node, and where statistics of the batch take their place (training mode). */
export function byComputedStatistics(
  source: OnnxNode,
  context: ExpansionContext,
): readonly ExpandedNode[] | null {
  if (source.opType !== 'BatchNormalization' || source.int('training_mode', 0) === 1) return null;
  const isStored = (input: number) => source.constantTensor(input) !== undefined;
  if (isStored(meanInput) && isStored(varianceInput)) return null;
  const compose = new Composition(source, context);
  const [x, ...perChannel] = source.inputs;
  const places = context.shapeOf(x!).slice(2);
  const [scale, shift, mean, variance] = perChannel.map((value) =>
    compose.op('Reshape', [value], { shape: [1, -1, ...places.map(() => 1)] }),
  );
  const deviation = compose.op(
    'Sqrt',
    [compose.plus(variance!, source.float('epsilon', 1e-5))],
    {},
  );
  const normalised = compose.over(compose.minus(x!, mean!), deviation);
  return compose.ending(compose.plus(compose.times(normalised, scale!), shift!));
}
