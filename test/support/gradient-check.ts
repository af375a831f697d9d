/** Compares an engine's gradients with central differences of the reference evaluator in double precision. */
import { Tensor } from 'onnxruntime-node';
import { differentiate, type DifferentiatedGraph } from '../../main/graph/differentiate.ts';
import {
  lossOutput,
  targetsInput,
  withClassificationLoss,
  withSegmentationLoss,
} from '../../main/graph/losses.ts';
import type { Graph } from '../../main/graph/graph.ts';
import { layersOf } from '../../main/graph/layers.ts';
import { generatorFor } from '../../main/random.ts';
import { elements, type Shape } from '../../main/graph/shape.ts';
import { crossed, kinksOf, type Kinks } from './kinks.ts';
import { evaluate, evaluateAgain, type Value } from './reference-evaluator.ts';
import { runDifferentiated } from './run-onnx.ts';
import { noise } from './sketch.ts';

const step = 1e-5;
const placesPerWeight = 24;

export interface GradientCheck {
  /** |loss - reference| */
  readonly lossError: number;
  /** For each layer, the largest error relative to the layer's largest gradient. */
  readonly errors: ReadonlyMap<string, number>;
  /** Smallest distance from a kink (support/kinks.ts): below 1e-5 rounding decides the gradient. */
  readonly kinkDistance: number;
  readonly compared: number;
}

/** One batch of the image and its targets. */
export interface Feeding {
  readonly inputs: Float32Array;
  readonly targets: readonly number[];
  readonly targetShape: Shape;
}

/** How an engine computes a differentiated graph, without a child process. */
export type GradientsOf = (
  differentiated: DifferentiatedGraph,
  batchSize: number,
  feeding: Feeding,
) => Promise<{ loss: number; gradients: ReadonlyMap<string, Float32Array> }>;

export interface CheckOptions {
  /** The engine under test; onnxruntime by default. */
  readonly gradientsOf?: GradientsOf;
  /** Seed of inputs and targets. */
  readonly seed?: number;
  /** Height and width of masks, for a segmentation network. Some of their pixels are ignored (255). */
  readonly masks?: readonly [number, number];
  /** Weights to check besides those of layers. */
  readonly others?: readonly string[];
}

/** @param graph a network in training mode; its one output are the logits */
export async function checkGradients(
  graph: Graph,
  batchSize: number,
  classes: number,
  { seed = 0, masks, others = [], gradientsOf = gradientsByOnnxRuntime }: CheckOptions = {},
): Promise<GradientCheck> {
  const scored = masks
    ? withSegmentationLoss(graph, batchSize, classes, masks)
    : withClassificationLoss(graph, batchSize, classes);
  const wanted = [...layersOf(scored).map(({ weight }) => weight), ...others];
  const image = graph.inputs[0]!.shape.slice(1) as number[];
  const inputs = noise(batchSize * elements(image), 'image', seed);
  const targetShape = [batchSize, ...(masks ?? [])];
  const targets = Array.from({ length: elements(targetShape) }, (_, n) =>
    masks && n % 5 === 2 ? 255 : (n * 7 + seed) % classes,
  );
  const feeding = { inputs, targets, targetShape };
  const computed = await gradientsOf(differentiate(scored, batchSize, wanted), batchSize, feeding);

  const feeds = new Map<string, ArrayLike<number>>([
    [graph.inputs[0]!.name, inputs],
    [targetsInput, targets],
  ]);
  const base = evaluate(scored, batchSize, feeds);
  const kinks = kinksOf(scored.nodes, base);
  const errors = new Map<string, number>();
  let compared = 0;
  for (const weight of wanted) {
    const gradient = computed.gradients.get(weight) as Float32Array;
    const largest = gradient.reduce((top, value) => Math.max(top, Math.abs(value)), 1e-3);
    let worst = 0;
    for (const place of places(gradient.length, weight, seed)) {
      const slope = centralDifference(scored, base, weight, place, kinks);
      if (slope === null) continue;
      compared++;
      worst = Math.max(worst, Math.abs(gradient[place]! - slope) / largest);
    }
    errors.set(weight, worst);
  }
  return {
    errors,
    compared,
    lossError: Math.abs(computed.loss - (base.get(lossOutput) as Value).data[0]!),
    kinkDistance: kinks.distance,
  };
}

const gradientsByOnnxRuntime: GradientsOf = (differentiated, batchSize, feeding) => {
  const image = differentiated.graph.inputs[0]!;
  const shape = [batchSize, ...(image.shape.slice(1) as number[])];
  const targets = BigInt64Array.from(feeding.targets, BigInt);
  const feeds = {
    [image.name]: new Tensor('float32', feeding.inputs, shape),
    [targetsInput]: new Tensor('int64', targets, feeding.targetShape),
  };
  return runDifferentiated(differentiated, feeds, 1);
};

/** Null if the step crosses a kink. */
function centralDifference(
  graph: Graph,
  base: ReadonlyMap<string, Value>,
  weight: string,
  place: number,
  kinks: Kinks,
): number | null {
  if (!graph.initializers.has(weight)) throw new RangeError(`no weights ${weight}`);
  const lossAt = (by: number) => {
    const moved = Float64Array.from(base.get(weight)!.data);
    moved[place]! += by;
    const { values, changed } = evaluateAgain(graph, base, new Map([[weight, moved]]));
    const touched = graph.nodes.filter(({ inputs }) => inputs.some((name) => changed.has(name)));
    if (crossed(kinks, kinksOf(touched, values))) return null;
    return (values.get(lossOutput) as Value).data[0]!;
  };
  const [above, below] = [lossAt(step), lossAt(-step)];
  return above === null || below === null ? null : (above - below) / (2 * step);
}

/** Indices to check: all of a small weight, some of a large one. */
function places(length: number, weight: string, seed: number): number[] {
  const all = Array.from({ length }, (_, place) => place);
  if (length <= placesPerWeight) return all;
  const random = generatorFor('places', weight, seed);
  return Array.from({ length: placesPerWeight }, () => (random.next() >>> 0) % length);
}
