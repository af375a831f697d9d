/**
 * BatchNormalization that normalises no batch, as PyTorch's exporters write weights that are standardised: by
 * statistics that the network computes (today's), or by those of the weights themselves, in training mode whatever
 * mode the network is in (the one by tracing). It is taken apart: nothing about it is running, and gradients go
 * through the statistics.
 */
import { Composition } from '../operators/composed.ts';
import type { ExpandedNode, ExpansionContext } from '../operators/operator.ts';
import type { OnnxNode } from './node.ts';

/** Places of mean and variance among the inputs. */
const [meanInput, varianceInput] = [3, 4] as const;

/**
 * Null for every other node, and where statistics are those of a batch or running ones.
 * @param isOfWeights whether a value is computed from what is stored alone
 */
export function byComputedStatistics(
  source: OnnxNode,
  context: ExpansionContext,
  isOfWeights: (value: string) => boolean,
): readonly ExpandedNode[] | null {
  if (source.opType !== 'BatchNormalization') return null;
  const [x, ...perChannel] = source.inputs;
  const own = source.int('training_mode', 0) === 1;
  if (own && !isOfWeights(x!)) return null;
  const isStored = (input: number) => source.constantTensor(input) !== undefined;
  if (!own && isStored(meanInput) && isStored(varianceInput)) return null;
  const compose = new Composition(source, context);
  const places = context.shapeOf(x!).slice(2);
  const [scale, shift, ...given] = perChannel.map((value) =>
    compose.op('Reshape', [value], { shape: [1, -1, ...places.map(() => 1)] }),
  );
  const axes = [0, ...places.map((_, axis) => axis + 2)];
  const mean = (value: string) => compose.op('ReduceMean', [value], { axes, keepDims: true });
  const centred = compose.minus(x!, own ? mean(x!) : given[0]!);
  const variance = own ? mean(compose.times(centred, centred)) : given[1]!;
  const deviation = compose.op('Sqrt', [compose.plus(variance, source.float('epsilon', 1e-5))], {});
  const normalised = compose.over(centred, deviation);
  return compose.ending(compose.plus(compose.times(normalised, scale!), shift!));
}
