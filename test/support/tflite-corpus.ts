/**
 * Networks of whole spaces and of files, as TensorFlow Lite files are tried with: weights at random, running
 * statistics of BatchNormalization from images, and images to calibrate with and to check with.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { evaluator } from '../../main/engine/onnxruntime/evaluate.ts';
import { bindImage } from '../../main/graph/bind.ts';
import { toTraining } from '../../main/graph/forms.ts';
import type { Graph, Initializer } from '../../main/graph/graph.ts';
import { inferShapes } from '../../main/graph/infer-shapes.ts';
import { materialise } from '../../main/graph/weights.ts';
import { readOnnx } from '../../main/graph/onnx/read.ts';
import { calibrationImages } from '../../main/quantise/images.ts';
import { generatorFor } from '../../main/random.ts';
import { spaceNamed, withResolution } from '../../main/space/index.ts';
import { initialNetwork } from '../../main/space/initial-network.ts';
import type { ImageShape } from '../../main/space/space.ts';
import { openHere } from '../../main/task/open-here.ts';

export interface CorpusImages {
  readonly calibrating: readonly Float32Array[];
  readonly checking: readonly Float32Array[];
}

export interface CorpusNetwork {
  readonly name: string;
  /** For one image of known size. */
  readonly graph: Graph;
  readonly image: ImageShape;
}

const assets = path.join(import.meta.dirname, '../../main/assets');
/** Of the images: with what networks are calibrated, and with what they are checked afterwards. */
const counts = { calibrating: 32, checking: 16 } as const;
/** Images whose statistics BatchNormalization gets. */
const statistics = 16;

/** Images of CIFAR-10 that ship with the product, at the size that a network takes. */
export async function corpusImages(image: ImageShape): Promise<CorpusImages> {
  const dataset = await openHere({ data: null, task: 'classification' }, assets);
  const drawn = { batches: 3, batchSize: (counts.calibrating + counts.checking) / 3, seed: 24 };
  const all = await calibrationImages(dataset, image, drawn);
  return {
    calibrating: all.slice(0, counts.calibrating),
    checking: all.slice(counts.calibrating),
  };
}

/** Deployed at most at this height and width, so that hundreds of networks take minutes. */
const largest = { classification: 64, segmentation: 128, detection: 128 } as const;

/** The `index`th random network of a built-in space. */
export function networkOfSpace(name: string, index: number): CorpusNetwork {
  const whole = spaceNamed(name);
  const most = largest[whole.task];
  const smaller = whole.sizes === null && Math.max(...whole.inputShape.slice(1)) > most;
  const space = smaller ? withResolution(whole, { deployment: [most, most] }) : whole;
  const random = generatorFor('tflite corpus', name);
  let genotype = space.sample(random);
  for (let i = 0; i < index; i++) genotype = space.sample(random);
  const graph = drawn(initialNetwork(space, genotype, 'kaiming-normal-fan-out', index));
  const image = graph.inputs[0]!.shape.slice(1) as unknown as ImageShape;
  return { name: `${name} ${index}`, graph, image };
}

/** With its random weights as numbers: what is written many times over is drawn once. */
function drawn(graph: Graph): Graph {
  const initializers = new Map<string, Initializer>();
  for (const [name, one] of graph.initializers) {
    const random = one.values.kind === 'random';
    const values = random ? ({ kind: 'data', data: materialise(one) } as const) : one.values;
    initializers.set(name, { ...one, values });
  }
  return { ...graph, initializers };
}

export function networkOfFile(file: string): CorpusNetwork {
  const graph = readOnnx(readFileSync(file), file, { batchSize: 1 });
  const image = graph.inputs[0]!.shape.slice(1).map((size) => size ?? 64) as unknown as ImageShape;
  return { name: path.basename(file, '.onnx'), graph: bindImage(graph, image), image };
}

/** The network with the statistics of these images in its BatchNormalizations, as training would leave them. */
export async function withStatistics(
  graph: Graph,
  image: ImageShape,
  images: readonly Float32Array[],
): Promise<Graph> {
  const used = images.slice(0, statistics);
  const size = image.reduce((product, n) => product * n, 1);
  const batch = new Float32Array(used.length * size);
  used.forEach((one, i) => batch.set(one, i * size));
  const training = toTraining(graph);
  const norms = training.nodes.flatMap((node) =>
    node.kind === 'BatchNormalization' ? [node] : [],
  );
  if (norms.length === 0) return graph;
  const shapes = inferShapes(training, used.length);
  const wanted = norms.flatMap(({ outputs }) => outputs.slice(1));
  const found = await evaluator(2)(
    { graph: training, shapes, gradients: new Map() },
    batch,
    wanted,
  );
  const initializers = new Map<string, Initializer>(graph.initializers);
  norms.forEach(({ inputs, attributes: { epsilon } }, i) => {
    const [mean, inverse] = [found[2 * i]!, found[2 * i + 1]!];
    const variance = inverse.map((value) => Math.max(0, 1 / value ** 2 - epsilon));
    const put = (name: string, data: Float32Array) =>
      initializers.set(name, { shape: [data.length], values: { kind: 'data', data } });
    put(inputs[3]!, mean);
    put(inputs[4]!, variance);
  });
  return { ...graph, initializers };
}
