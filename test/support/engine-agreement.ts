/** Gradient norms of random networks of a built-in space, by onednn and by onnxruntime, in this process. */
import { computeNativeStatistics } from '../../main/engine/onednn/statistics.ts';
import { computeStatistics } from '../../main/engine/onnxruntime/statistics.ts';
import type { Graph, Node } from '../../main/graph/graph.ts';
import { summarise } from '../../main/graph/summary.ts';
import { generatorFor } from '../../main/graph/random.ts';
import { withResolution, spaceNamed } from '../../main/space/index.ts';
import { initialNetwork } from '../../main/space/initial-network.ts';
import type { BatchSet } from '../../main/task/batches.ts';
import { randomBatches } from './random-batches.ts';

/** Small images, so that many networks can be compared. */
export const agreementSizes: Readonly<Record<string, readonly [number, number]>> = {
  'nats-sss': [32, 32],
  efficientnet: [64, 64],
  'efficientdet-d0': [128, 128],
  ffnet: [128, 256],
  'segmentation-macro': [128, 256],
};
const batchSize = 4;
/** Larger networks are passed over: onnxruntime takes no model of 2 GB, and drawing weights takes long. */
const mostParameters = 30e6;

export interface Agreement {
  /** Relative deviations of the norms of every layer in every batch, ascending. */
  readonly norms: readonly number[];
  /** The largest relative deviation of a loss. */
  readonly loss: number;
  readonly networks: number;
}

/** @param masks false: what decides by comparing is left out, and with it what rounding can flip */
export async function agreement(
  name: string,
  count: number,
  { masks, seed = 0, threads = 1 }: { masks: boolean; seed?: number; threads?: number },
): Promise<Agreement> {
  const space = withResolution(spaceNamed(name), { scoring: agreementSizes[name] });
  const random = generatorFor('agreement', name, seed);
  const batches = noiseFor(space.task, agreementSizes[name], space.classes);
  const norms: number[] = [];
  let loss = 0;
  for (let i = 0; i < count; i++) {
    let genotype = space.sample(random);
    while (summarise(space.decode(genotype, 'scoring')).parameters > mostParameters) {
      genotype = space.sample(random);
    }
    const drawn = initialNetwork(space, genotype, 'pytorch-default', seed, 'scoring');
    const network = masks ? drawn : withoutMasks(drawn);
    const ours = await computeNativeStatistics(network, batches, 100, threads);
    const theirs = await computeStatistics(network, batches, 100, threads);
    theirs.losses.forEach((value, b) => {
      loss = Math.max(loss, Math.abs(ours.losses[b] / value - 1));
    });
    theirs.layers.forEach(({ gradientNorms }, layer) =>
      gradientNorms.forEach((norm, b) =>
        norms.push(Math.abs(ours.layers[layer].gradientNorms[b] / norm - 1)),
      ),
    );
  }
  return { norms: norms.sort((a, b) => a - b), loss, networks: count };
}

/** The value that so large a part of the norms stays below. */
export const share = ({ norms }: Agreement, part: number): number =>
  norms[Math.min(norms.length - 1, Math.floor(part * norms.length))];

/** Without what decides by comparing: rounding can flip a Relu's mask, and the place that a maximum comes from. */
const withoutMasks = (graph: Graph): Graph => ({
  ...graph,
  nodes: graph.nodes.map((node): Node => {
    if (node.kind === 'Relu') return { ...node, kind: 'Identity' };
    if (node.kind !== 'MaxPool') return node;
    const attributes = { ...node.attributes, countIncludePad: false };
    return { ...node, kind: 'AveragePool', attributes };
  }),
});

function noiseFor(
  task: BatchSet['task'],
  size: readonly [number, number],
  classes: number,
): BatchSet {
  const [height, width] = size;
  const images = randomBatches({ batchSize, inputShape: [3, height, width], classes });
  if (task === 'classification') return images;
  const random = generatorFor('agreement targets', task);
  const below = (limit: number) => (random.next() >>> 0) % limit;
  if (task === 'segmentation') {
    return {
      ...images,
      task,
      maskShape: [height, width],
      batches: images.batches.map(({ inputs }) => ({
        inputs,
        targets: Uint8Array.from({ length: batchSize * height * width }, (_, i) =>
          i % 11 === 0 ? 255 : below(classes),
        ),
      })),
    };
  }
  return {
    ...images,
    task,
    batches: images.batches.map(({ inputs }) => ({
      inputs,
      targets: Array.from({ length: batchSize }, () => {
        const boxes = Array.from({ length: 3 }, () => {
          const [x, y] = [below(width / 2), below(height / 2)];
          return [x, y, x + 16 + below(width / 2 - 16), y + 16 + below(height / 2 - 16)];
        });
        return {
          boxes: Float32Array.from(boxes.flat()),
          classes: Int32Array.from({ length: 3 }, () => below(classes)),
        };
      }),
    })),
  };
}
