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

export interface AgreementSetting {
  /** Height and width. */
  readonly images: readonly [number, number];
  readonly batchSize: number;
  /** Fewer where nothing compares: then there are no flips whose weight among others depends on it. */
  readonly masklessBatchSize: number;
}

/** As a search scores: the space's own images for scoring, smaller ones for photographs of classes. */
export const agreementSettings: Readonly<Record<string, AgreementSetting>> = {
  'nats-sss': { images: [32, 32], batchSize: 64, masklessBatchSize: 32 },
  efficientnet: { images: [64, 64], batchSize: 16, masklessBatchSize: 8 },
  'efficientdet-d0': { images: [256, 256], batchSize: 8, masklessBatchSize: 2 },
  ffnet: { images: [256, 256], batchSize: 8, masklessBatchSize: 2 },
  'segmentation-macro': { images: [256, 256], batchSize: 8, masklessBatchSize: 2 },
};

/** Larger networks are passed over: onnxruntime takes no model of 2 GB, and drawing weights takes long. */
const mostParameters = 30e6;

export interface Agreement {
  /** Relative deviations of the norms of every layer in every batch, ascending. */
  readonly norms: readonly number[];
  /** The largest relative deviation of a loss. */
  readonly loss: number;
}

export interface AgreementRequest {
  /** False: what decides by comparing is left out, and with it what rounding can flip. */
  readonly masks: boolean;
  readonly threads?: number;
  /** Absent: that of `agreementSettings`. */
  readonly setting?: AgreementSetting | undefined;
}

/** How far both engines agree on one network of a space, the `index`th that is drawn at random. */
export async function agreementOn(
  name: string,
  index: number,
  { masks, threads = 1, setting = agreementSettings[name] }: AgreementRequest,
): Promise<Agreement> {
  const { images } = setting;
  const batchSize = masks ? setting.batchSize : setting.masklessBatchSize;
  const space = withResolution(spaceNamed(name), { scoring: images });
  const random = generatorFor('agreement', name, index);
  const batches = noiseFor(space.task, images, space.classes, batchSize);
  let genotype = space.sample(random);
  while (summarise(space.decode(genotype, 'scoring')).parameters > mostParameters) {
    genotype = space.sample(random);
  }
  const drawn = initialNetwork(space, genotype, 'pytorch-default', 0, 'scoring');
  const network = masks ? drawn : withoutMasks(drawn);
  const ours = await computeNativeStatistics(network, batches, 100, threads);
  const theirs = await computeStatistics(network, batches, 100, threads);
  const apart = (one: number, other: number) => Math.abs(one / other - 1);
  return {
    loss: Math.max(...theirs.losses.map((value, b) => apart(ours.losses[b], value))),
    norms: ascending(
      theirs.layers.flatMap(({ gradientNorms }, layer) =>
        gradientNorms.map((norm, b) => apart(ours.layers[layer].gradientNorms[b], norm)),
      ),
    ),
  };
}

/** That of several networks together. */
export function together(parts: readonly Agreement[]): Agreement {
  return {
    norms: ascending(parts.flatMap(({ norms }) => norms)),
    loss: Math.max(...parts.map(({ loss }) => loss)),
  };
}

const ascending = (values: readonly number[]) => values.toSorted((a, b) => a - b);

/** The value that so large a part of the norms stays below. */
export const share = ({ norms }: Agreement, part: number): number =>
  norms[Math.min(norms.length - 1, Math.floor(part * norms.length))];

/**
 * Without what decides by comparing: rounding can flip a Relu's mask, and the place that a maximum comes
 * from. A max pool hands a whole gradient to one place: where two values of a window are equal but for
 * rounding, the engines may choose another, which is no error of either.
 */
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
  batchSize: number,
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
