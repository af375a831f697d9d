/** Gradient norms of random networks from a built-in space, by onednn and by onnxruntime, in this process. */
import { computeNativeStatistics } from '../../main/engine/onednn/statistics.ts';
import { scoredTask } from '../../main/engine/onnxruntime/task.ts';
import { differentiate } from '../../main/graph/differentiate.ts';
import type { Graph, Node } from '../../main/graph/graph.ts';
import { layersOf } from '../../main/graph/layers.ts';
import { summarise } from '../../main/graph/summary.ts';
import { generatorFor } from '../../main/random.ts';
import { gradientNorm } from '../../main/proxy/gradient-statistics.ts';
import { withResolution, spaceNamed } from '../../main/space/index.ts';
import { initialNetwork } from '../../main/space/initial-network.ts';
import type { BatchSet } from '../../main/task/batches.ts';
import { randomBatches } from './random-batches.ts';
import { runDifferentiated } from './run-onnx.ts';

interface AgreementSetting {
  /** Height and width. */
  readonly images: readonly [number, number];
  readonly batchSize: number;
  /** Batch size without masks. It can be smaller: there are no flips whose influence depends on it. */
  readonly masklessBatchSize: number;
}

/**
 * The space's own images for scoring, but smaller ones for photographs of classes and boxes. One batch:
 * its norms are compared one by one, and summing over batches is the same arithmetic in both engines.
 */
export const agreementSettings: Readonly<Record<string, AgreementSetting>> = {
  'nats-sss': { images: [32, 32], batchSize: 64, masklessBatchSize: 32 },
  'efficientnet-wide': { images: [64, 64], batchSize: 16, masklessBatchSize: 4 },
  'efficientdet-d0-wide': { images: [128, 128], batchSize: 16, masklessBatchSize: 4 },
  'ffnet-48': { images: [256, 256], batchSize: 8, masklessBatchSize: 2 },
  'segmentation-macro': { images: [256, 256], batchSize: 8, masklessBatchSize: 2 },
};

/** Larger networks are skipped: onnxruntime takes no model of 2 GB, and drawing weights takes long. */
const mostParameters = 30e6;

export interface Agreement {
  /** Relative deviations of the norms of every layer, ascending. */
  readonly norms: readonly number[];
  /** The relative deviation of the loss, the largest if there are several networks. */
  readonly loss: number;
}

/**
 * `engines`: onednn against onnxruntime. `maskless`: the same for networks without operators that compare,
 * so that rounding can flip nothing. `last-bits`: onednn with the images, and with the last bit of half
 * of their numbers changed; two engines that round differently can hardly agree better than that.
 */
export type Comparison = 'engines' | 'maskless' | 'last-bits';

export interface AgreementRequest {
  readonly comparison: Comparison;
  readonly threads?: number;
}

/** How closely the two sides of a comparison agree on one network of a space, the `index`th drawn at random. */
export async function agreementOn(
  name: string,
  index: number,
  { comparison, threads = 1 }: AgreementRequest,
): Promise<Agreement> {
  const { images, ...sizes } = agreementSettings[name]!;
  const batchSize = comparison === 'maskless' ? sizes.masklessBatchSize : sizes.batchSize;
  const space = withResolution(spaceNamed(name), { scoring: images });
  const random = generatorFor('agreement', name, index);
  const batches = noiseFor(space.task, images, space.classes, batchSize);
  let genotype = space.sample(random);
  while (summarise(space.decode(genotype, 'scoring')).parameters > mostParameters) {
    genotype = space.sample(random);
  }
  const drawn = initialNetwork(space, genotype, 'pytorch-default', 0, 'scoring');
  const network = comparison === 'maskless' ? withoutMasks(drawn) : drawn;
  const ours = await byOneDnn(network, batches, threads);
  const theirs =
    comparison === 'last-bits'
      ? await byOneDnn(network, withOtherLastBits(batches), threads)
      : await byOnnxRuntime(network, batches, threads);
  const apart = (one: number, other: number) => Math.abs(one / other - 1);
  return {
    loss: apart(ours.loss, theirs.loss),
    norms: ascending(theirs.norms.map((norm, layer) => apart(ours.norms[layer]!, norm))),
  };
}

interface OneBatch {
  readonly loss: number;
  /** Norms of the gradients, by layer. */
  readonly norms: readonly number[];
}

async function byOneDnn(network: Graph, batches: BatchSet, threads: number): Promise<OneBatch> {
  const { layers, losses } = await computeNativeStatistics(network, batches, 100, threads);
  return { loss: losses[0]!, norms: layers.map(({ gradientNorms }) => gradientNorms[0]!) };
}

/** As in computeStatistics, but for one batch, where a score's statistics would need two. */
async function byOnnxRuntime(
  network: Graph,
  batches: BatchSet,
  threads: number,
): Promise<OneBatch> {
  const { graph, feeds } = scoredTask(network, batches);
  const weights = layersOf(graph).map(({ weight }) => weight);
  const differentiated = differentiate(graph, batches.batchSize, weights);
  const { loss, gradients } = await runDifferentiated(differentiated, feeds[0]!(), threads);
  return { loss, norms: [...gradients.values()].map(gradientNorm) };
}

/** The agreement over several networks. */
export function together(parts: readonly Agreement[]): Agreement {
  return {
    norms: ascending(parts.flatMap(({ norms }) => norms)),
    loss: Math.max(...parts.map(({ loss }) => loss)),
  };
}

const ascending = (values: readonly number[]) => values.toSorted((a, b) => a - b);

/** The deviation below which this share of the norms stays. */
export const share = ({ norms }: Agreement, part: number): number =>
  norms[Math.min(norms.length - 1, Math.floor(part * norms.length))]!;

/**
 * The network without operators that compare: rounding can flip a Relu's mask, and the place where a maximum comes
 * from. A max pool hands a whole gradient to one place: where two values of a window are equal but for
 * rounding, the engines may choose another, which is no error of either.
 */
export const withoutMasks = (graph: Graph): Graph => ({
  ...graph,
  nodes: graph.nodes.map((node): Node => {
    if (node.kind === 'Relu') return { ...node, kind: 'Identity' };
    if (node.kind !== 'MaxPool') return node;
    const attributes = { ...node.attributes, countIncludePad: false };
    return { ...node, kind: 'AveragePool', attributes };
  }),
});

/** The images with half of their numbers, at random, changed by one unit in the last place. */
function withOtherLastBits<T extends BatchSet>(batches: T): T {
  const random = generatorFor('agreement last bits');
  const changed = batches.batches.map((batch) => {
    const inputs = Float32Array.from(batch.inputs);
    const bits = new Uint32Array(inputs.buffer);
    for (let i = 0; i < bits.length; i++) bits[i]! ^= random.next() & 1;
    return { ...batch, inputs };
  });
  return { ...batches, batches: changed };
}

function noiseFor(
  task: BatchSet['task'],
  size: readonly [number, number],
  classes: number,
  batchSize: number,
): BatchSet {
  const [height, width] = size;
  const inputShape = [3, height, width] as const;
  const images = randomBatches({ batchSize, batches: 1, inputShape, classes });
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
