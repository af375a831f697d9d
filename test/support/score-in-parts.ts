/** A network's gradient statistics, computed with the product's parts in this process: any task, no child. */
import { Tensor, type InferenceSession } from 'onnxruntime-node';
import { lowerToModel } from '../../main/engine/onnxruntime/lower.ts';
import { createSession } from '../../main/engine/onnxruntime/session.ts';
import { bindImage } from '../../main/graph/bind.ts';
import { differentiate } from '../../main/graph/differentiate.ts';
import { toTraining } from '../../main/graph/forms.ts';
import type { Graph } from '../../main/graph/graph.ts';
import { featureMapOf, layersOf } from '../../main/graph/layers.ts';
import {
  lossOutput,
  targetsInput,
  withClassificationLoss,
  withSegmentationLoss,
} from '../../main/graph/losses.ts';
import { gradientNorm, gradientStatistics } from '../../main/proxy/gradient-statistics.ts';
import type { NpyArray } from '../../main/task/npy.ts';
import type { Known } from '../../main/common/known.ts';

export interface ScoredLayer {
  readonly name: string;
  readonly weights: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly sum: number;
  readonly sumCapped: number;
  readonly gradientNorms: readonly number[];
}

export interface Scored {
  readonly losses: readonly number[];
  readonly layers: readonly ScoredLayer[];
}

export interface ScoringData {
  /** Images of all batches, one after another. */
  readonly inputs: NpyArray;
  /** Classes of the images, or masks. */
  readonly targets: NpyArray;
  readonly batchSize: number;
  readonly classes: number;
}

export async function scoreInParts(network: Graph, data: ScoringData): Promise<Scored> {
  const { inputs, targets, batchSize, classes } = data;
  const [images, channels, height, width] = inputs.shape as Known<number>;
  const [, ...mask] = targets.shape;
  const training = toTraining(bindImage(network, [channels, height, width]));
  const scored =
    mask.length === 2
      ? withSegmentationLoss(training, batchSize, classes, [mask[0]!, mask[1]!])
      : withClassificationLoss(training, batchSize, classes);
  const layers = layersOf(scored);
  const differentiated = differentiate(
    scored,
    batchSize,
    layers.map(({ weight }) => weight),
  );
  const session = await createSession(lowerToModel(differentiated), 1);
  const collected = layers.map(() => ({
    statistics: gradientStatistics(images / batchSize),
    norms: [] as number[],
  }));
  const losses: number[] = [];
  try {
    for (let batch = 0; batch < images / batchSize; batch++) {
      const outputs = await session.run(feedsOf(network, data, batch));
      losses.push((outputs[lossOutput]!.data as Float32Array)[0]!);
      layers.forEach(({ weight }, i) => {
        const gradient = outputs[differentiated.gradients.get(weight) ?? '']!.data as Float32Array;
        collected[i]!.norms.push(gradientNorm(gradient));
        collected[i]!.statistics.add(gradient);
      });
    }
  } finally {
    await session.release();
  }
  return {
    losses,
    layers: layers.map((layer, i) => ({
      name: layer.name,
      weights: (differentiated.shapes.get(layer.weight) ?? []).reduce((a, b) => a * b, 1),
      ...featureMapOf(layer, differentiated.shapes.get(layer.node.outputs[0]!) ?? []),
      ...collected[i]!.statistics.sums(1000),
      gradientNorms: collected[i]!.norms,
    })),
  };
}

function feedsOf(network: Graph, data: ScoringData, batch: number): InferenceSession.FeedsType {
  const slice = (array: NpyArray) => {
    const size = array.data.length / array.shape[0]!;
    const range = [batch * data.batchSize * size, (batch + 1) * data.batchSize * size] as const;
    return Array.from(array.data.slice(...range), Number);
  };
  const shape = (array: NpyArray) => [data.batchSize, ...array.shape.slice(1)];
  return {
    [network.inputs[0]!.name]: new Tensor(
      'float32',
      Float32Array.from(slice(data.inputs)),
      shape(data.inputs),
    ),
    [targetsInput]: new Tensor(
      'int64',
      BigInt64Array.from(slice(data.targets), BigInt),
      shape(data.targets),
    ),
  };
}
