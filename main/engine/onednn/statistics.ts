/** One candidate's gradient statistics on oneDNN; the gradients never leave the add-on. */
import { WorkbenchError } from '../../errors.ts';
import { bindImage } from '../../graph/bind.ts';
import { differentiate } from '../../graph/differentiate.ts';
import { toTraining } from '../../graph/forms.ts';
import type { Graph } from '../../graph/graph.ts';
import { featureMapOf, layersOf } from '../../graph/layers.ts';
import { withClassificationLoss, withSegmentationLoss } from '../../graph/losses.ts';
import { elements } from '../../graph/shape.ts';
import type { BatchSet } from '../../task/batches.ts';
import type { LayerStatistics } from '../engine.ts';
import { loadAddon, type NativeResult } from './addon.ts';
import { lower, notNative } from './lower.ts';
import type { PlanBatch } from './plan.ts';

export interface NativeStatistics {
  readonly layers: readonly LayerStatistics[];
  readonly losses: readonly number[];
  /** How the add-on spent its time; steps only where asked for. */
  readonly native: NativeResult;
}

/**
 * @throws WorkbenchError `operator-not-native` before anything is computed, `gradient-not-finite`,
 * `no-layers`, what the graph refuses
 */
export async function computeNativeStatistics(
  network: Graph,
  batches: BatchSet,
  termCap: number,
  threads: number,
  timed = false,
): Promise<NativeStatistics> {
  const scored = withLoss(network, batches);
  const layers = layersOf(scored);
  if (layers.length === 0) {
    throw new WorkbenchError(
      'no-layers',
      `"${network.name}" has no convolution or fully connected layer with weights, so there is nothing to score.`,
      'Score a network with Conv or Gemm layers.',
    );
  }
  const names = layers.map(({ weight }) => weight);
  const differentiated = differentiate(scored, batches.batchSize, names);
  const plan = lower(differentiated);
  const request = { ...plan, batches: planBatches(batches), termCap, threads };
  const native = await loadAddon().run(request, timed);
  assertFinite(native, layers);
  return {
    native,
    losses: native.losses,
    layers: layers.map((layer, index) => ({
      name: layer.name,
      kind: layer.kind,
      weights: elements(differentiated.shapes.get(layer.weight) ?? []),
      ...featureMapOf(layer, differentiated.shapes.get(layer.node.outputs[0]) ?? []),
      ...native.layers[index],
    })),
  };
}

/** The network in training form with the loss of the batches' task. */
export function withLoss(network: Graph, batches: BatchSet): Graph {
  const training = toTraining(bindImage(network, batches.inputShape));
  const { batchSize, classes } = batches;
  switch (batches.task) {
    case 'classification':
      return withClassificationLoss(training, batchSize, classes);
    case 'segmentation':
      return withSegmentationLoss(training, batchSize, classes, batches.maskShape);
    case 'detection':
      throw new WorkbenchError(
        notNative,
        'The onednn engine does not have the loss of detection.',
        'Score this network with the onnxruntime engine.',
      );
  }
}

function planBatches(set: BatchSet): readonly PlanBatch[] {
  if (set.task === 'detection') return [];
  return set.batches.map(({ inputs, targets }) => ({
    image: inputs,
    targets: Int32Array.from(targets),
  }));
}

function assertFinite(native: NativeResult, layers: readonly { readonly name: string }[]): void {
  const hint = 'Check the inputs for NaN and the initial weights for extreme values.';
  native.losses.forEach((loss, batch) => {
    native.layers.forEach(({ gradientNorms }, index) => {
      if (Number.isFinite(gradientNorms[batch])) return;
      throw new WorkbenchError(
        'gradient-not-finite',
        `The gradient of layer "${layers[index].name}" is not finite in batch ${batch + 1} (loss ${loss}).`,
        hint,
      );
    });
    if (!Number.isFinite(loss)) {
      throw new WorkbenchError(
        'gradient-not-finite',
        `The loss of batch ${batch + 1} is ${loss}.`,
        hint,
      );
    }
  });
}
