/**
 * What engines share around their own computing: before it the layers to score and a check that weights are
 * finite, after it a check that gradients are, and a row for each layer.
 */
import { WorkbenchError } from '../errors.ts';
import { connectedValues } from '../graph/connected.ts';
import type { Graph } from '../graph/graph.ts';
import { featureMapOf, layersOf, type Layer } from '../graph/layers.ts';
import { traitsOf } from '../graph/operators/index.ts';
import { elements, type Shape } from '../graph/shape.ts';
import type { LayerStatistics } from './engine.ts';

/** @throws WorkbenchError `no-layers`, `weights-not-finite` */
export function scoredLayers(graph: Graph): readonly Layer[] {
  const layers = layersOf(graph);
  if (layers.length === 0) {
    throw new WorkbenchError(
      'no-layers',
      `"${graph.name}" has no convolution or fully connected layer with weights, so there is nothing to score.`,
      'Score a network with Conv or Gemm layers.',
    );
  }
  assertFiniteWeights(graph);
  return layers;
}

/**
 * The layers whose weights reach the loss, as the graph is connected. The others lie behind a dead end: their
 * gradient is zero, and no engine has to compute it. All of them where none does, so that the graph says why.
 */
export function connectedLayers(graph: Graph, layers: readonly Layer[]): readonly Layer[] {
  const needed = connectedValues(graph);
  const connected = layers.filter(({ weight }) => needed.has(weight));
  return connected.length === 0 ? layers : connected;
}

/** The statistics of a layer behind a dead end. */
export const noGradient = (batches: number): LayerSums => ({
  ...{ sum: 0, sumCapped: 0, gradientNorms: new Array<number>(batches).fill(0) },
});

/** A NaN that a Relu or maximum turns into a zero would be scored as if nothing were wrong. */
function assertFiniteWeights({ name, nodes, initializers }: Graph): void {
  const seen = new Set<string>();
  for (const { kind, inputs } of nodes) {
    // Running statistics do not decide a score.
    const read = kind === 'BatchNormalization' ? inputs.slice(0, 3) : inputs;
    // Weights are factors of every value behind them; elsewhere an infinite constant can be meant: a mask of
    // attention, the padding of a maximum, the bound of a clip.
    const factors = traitsOf(kind).trained === true;
    for (const weight of read) {
      const values = initializers.get(weight)?.values;
      if (values?.kind !== 'data' || seen.has(weight)) continue;
      if (factors) seen.add(weight);
      const place = firstMisfit(values.data, factors);
      if (place < 0) continue;
      throw new WorkbenchError(
        'weights-not-finite',
        `The weights "${weight}" of "${name}" hold ${values.data[place]} (value ${place + 1} of ${values.data.length}), so every score would be meaningless.`,
        'Export the model from a checkpoint whose training did not diverge, or score it with fresh weights.',
      );
    }
  }
}

/** The place of the first number that is NaN or, if all have to be `finite`, infinite; -1 if there is none. */
function firstMisfit(data: Float32Array, finite: boolean): number {
  // A loop by hand: with a callback it took as long as the passes of SynFlow.
  for (let i = 0; i < data.length; i++) {
    if (finite ? !Number.isFinite(data[i]) : Number.isNaN(data[i])) return i;
  }
  return -1;
}

/** An engine's sums over a layer's gradients. */
export type LayerSums = Pick<LayerStatistics, 'sum' | 'sumCapped' | 'gradientNorms'>;

/** The row of a layer: what it is, and the statistics of its gradients. */
export function layerStatisticsOf(
  layer: Layer,
  shapes: ReadonlyMap<string, Shape>,
  sums: LayerSums,
): LayerStatistics {
  return {
    name: layer.name,
    kind: layer.kind,
    weights: elements(shapes.get(layer.weight) ?? []),
    ...featureMapOf(layer, shapes.get(layer.node.outputs[0]!) ?? []),
    ...sums,
  };
}

/**
 * @param batch counted from 0
 * @throws WorkbenchError `gradient-not-finite`
 */
export function assertFiniteGradient(
  layer: Pick<Layer, 'name'>,
  norm: number,
  batch: number,
  loss: number,
): void {
  if (Number.isFinite(norm)) return;
  throw notFinite(
    `The gradient of layer "${layer.name}" is not finite in batch ${batch + 1} (loss ${loss}).`,
  );
}

/** As `assertFiniteGradient`. */
export function assertFiniteLoss(loss: number, batch: number): void {
  if (!Number.isFinite(loss)) throw notFinite(`The loss of batch ${batch + 1} is ${loss}.`);
}

function notFinite(message: string): WorkbenchError {
  return new WorkbenchError(
    'gradient-not-finite',
    message,
    'Check the inputs for NaN and the initial weights for extreme values.',
  );
}
