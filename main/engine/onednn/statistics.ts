/** One candidate's gradient statistics on oneDNN; the gradients never leave the add-on. */
import { WorkbenchError } from '../../errors.ts';
import { differentiate } from '../../graph/differentiate.ts';
import type { Graph } from '../../graph/graph.ts';
import { featureMapOf, layersOf } from '../../graph/layers.ts';
import { elements } from '../../graph/shape.ts';
import type { BatchSet } from '../../task/batches.ts';
import type { LayerStatistics } from '../engine.ts';
import type { Precision } from '../precision.ts';
import { addonFor, type NativeResult } from './addon.ts';
import { lower } from './lower.ts';
import { nativeTask } from './task.ts';

export interface NativeStatistics {
  readonly layers: readonly LayerStatistics[];
  readonly losses: readonly number[];
  /** How the add-on spent its time; steps only where asked for. */
  readonly native: NativeResult;
}

/**
 * @throws WorkbenchError `operator-not-native` before anything is computed, `gradient-not-finite`,
 * `no-layers`, `precision-unavailable`, what the graph refuses
 */
export async function computeNativeStatistics(
  network: Graph,
  batches: BatchSet,
  termCap: number,
  threads: number,
  timed = false,
  precision: Precision = 'float32',
): Promise<NativeStatistics> {
  const { graph: scored, planBatches } = nativeTask(network, batches);
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
  const addon = addonFor(precision);
  const bf16 = precision === 'bf16';
  const request = { ...plan, batches: planBatches(), termCap, threads, bf16 };
  const native = await addon.run(request, timed);
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
