/** One candidate's gradient statistics on onnxruntime. Blocks, so it runs in the scoring child. */
import type { InferenceSession } from 'onnxruntime-node';
import { differentiate } from '../../graph/differentiate.ts';
import { lossOutput } from '../../graph/losses.ts';
import type { Graph } from '../../graph/graph.ts';
import type { Layer } from '../../graph/layers.ts';
import {
  gradientNorm,
  gradientStatistics,
  type GradientStatistics,
} from '../../proxy/gradient-statistics.ts';
import type { BatchSet } from '../../task/batches.ts';
import type { LayerStatistics } from '../engine.ts';
import {
  assertFiniteGradient,
  assertFiniteLoss,
  connectedLayers,
  layerStatisticsOf,
  noGradient,
  scoredLayers,
} from '../scored-layers.ts';
import { assertFitsMemory, leastMemory } from '../memory-bound.ts';
import { lowerToModel } from './lower.ts';
import { createSession, refused } from './session.ts';
import { scoredTask, type Feeds } from './task.ts';

export interface ComputedStatistics {
  readonly layers: readonly LayerStatistics[];
  readonly losses: readonly number[];
}

interface StreamedLayer {
  readonly layer: Layer;
  /** The model's output that holds the layer's gradient. */
  readonly output: string;
  readonly statistics: GradientStatistics;
  readonly norms: number[];
}

/**
 * Runs forward and backward pass once for each batch and streams the gradients into sums for each layer: beside
 * the sums, there are never more than one batch's gradients.
 * @param memoryBytes a network that certainly needs more is refused before anything is allocated
 */
export async function computeStatistics(
  network: Graph,
  batches: BatchSet,
  termCap: number,
  threads: number,
  memoryBytes = Infinity,
): Promise<ComputedStatistics> {
  const { graph: scored, feeds } = scoredTask(network, batches);
  const layers = scoredLayers(scored);
  const connected = connectedLayers(scored, layers);
  const differentiated = differentiate(
    scored,
    batches.batchSize,
    connected.map(({ weight }) => weight),
  );
  assertFitsMemory(leastMemory(differentiated, scored), memoryBytes, network.name);
  const streamed = connected.map((layer): StreamedLayer => ({
    layer,
    output: differentiated.gradients.get(layer.weight) ?? '',
    statistics: gradientStatistics(batches.batches.length),
    norms: [],
  }));
  const session = await createSession(lowerToModel(differentiated), threads);
  const losses: number[] = [];
  try {
    for (const [index, inputs] of feeds.entries()) {
      losses.push(await runBatch(session, inputs(), index, streamed));
    }
  } finally {
    await session.release();
  }
  const sums = new Map(
    streamed.map(({ layer, statistics, norms }) => [
      layer,
      { ...statistics.sums(termCap), gradientNorms: norms },
    ]),
  );
  const none = noGradient(batches.batches.length);
  return {
    losses,
    layers: layers.map((layer) =>
      layerStatisticsOf(layer, differentiated.shapes, sums.get(layer) ?? none),
    ),
  };
}

/** @returns the batch's loss; the gradients go into `streamed`. */
async function runBatch(
  session: InferenceSession,
  feeds: Feeds,
  index: number,
  streamed: readonly StreamedLayer[],
): Promise<number> {
  const outputs = await session.run(feeds).catch((cause: unknown) => {
    throw refused(cause);
  });
  const loss = (outputs[lossOutput]!.data as Float32Array)[0]!;
  for (const { layer, output, statistics, norms } of streamed) {
    const gradient = outputs[output]!.data as Float32Array;
    const norm = gradientNorm(gradient);
    assertFiniteGradient(layer, norm, index, loss);
    norms.push(norm);
    statistics.add(gradient);
  }
  assertFiniteLoss(loss, index);
  return loss;
}
