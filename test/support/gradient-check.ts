/** Gradients by onnxruntime against central differences of the reference evaluator in double precision. */
import { Tensor } from 'onnxruntime-node';
import { lower } from '../../main/engine/onnxruntime/lower.ts';
import { createSession } from '../../main/engine/onnxruntime/session.ts';
import { differentiate } from '../../main/graph/differentiate.ts';
import { lossOutput, targetsInput, withClassificationLoss } from '../../main/graph/losses.ts';
import type { Graph } from '../../main/graph/graph.ts';
import { layersOf } from '../../main/graph/layers.ts';
import { generatorFor } from '../../main/graph/random.ts';
import { elements } from '../../main/graph/shape.ts';
import { materialise } from '../../main/graph/weights.ts';
import { evaluate, type Value } from './reference-evaluator.ts';
import { noise } from './sketch.ts';

const step = 1e-5;
const placesPerWeight = 24;

export interface GradientCheck {
  /** |loss - reference| */
  readonly lossError: number;
  /** For each layer, the largest error relative to the layer's largest gradient. */
  readonly errors: ReadonlyMap<string, number>;
  /** Smallest distance of a Relu's input from its kink: below 1e-5 rounding decides the gradient. */
  readonly kinkDistance: number;
  readonly compared: number;
}

/** @param graph a network in training mode; its one output are the logits */
export async function checkGradients(
  graph: Graph,
  batchSize: number,
  classes: number,
  seed = 0,
): Promise<GradientCheck> {
  const scored = withClassificationLoss(graph, batchSize, classes);
  const wanted = layersOf(scored).map(({ weight }) => weight);
  const image = graph.inputs[0].shape.slice(1) as number[];
  const inputs = noise(batchSize * elements(image), 'image', seed);
  const targets = Array.from({ length: batchSize }, (_, n) => (n * 7 + seed) % classes);
  const computed = await gradientsOf(scored, batchSize, wanted, inputs, targets);

  const feeds = new Map<string, ArrayLike<number>>([
    [graph.inputs[0].name, inputs],
    [targetsInput, targets],
  ]);
  const base = evaluate(scored, batchSize, feeds);
  const signs = reluSigns(scored, base);
  const errors = new Map<string, number>();
  let compared = 0;
  for (const weight of wanted) {
    const gradient = computed.gradients.get(weight) as Float32Array;
    const largest = gradient.reduce((top, value) => Math.max(top, Math.abs(value)), 1e-3);
    let worst = 0;
    for (const place of places(gradient.length, weight, seed)) {
      const slope = centralDifference(scored, batchSize, feeds, weight, place, signs);
      if (slope === null) continue;
      compared++;
      worst = Math.max(worst, Math.abs(gradient[place] - slope) / largest);
    }
    errors.set(weight, worst);
  }
  return {
    errors,
    compared,
    lossError: Math.abs(computed.loss - (base.get(lossOutput) as Value).data[0]),
    kinkDistance: Math.min(Infinity, ...signs.flatMap((values) => values.map(Math.abs))),
  };
}

/** What the engine does with a differentiated graph, without a child. */
async function gradientsOf(
  scored: Graph,
  batchSize: number,
  wanted: readonly string[],
  inputs: Float32Array,
  targets: readonly number[],
): Promise<{ loss: number; gradients: ReadonlyMap<string, Float32Array> }> {
  const differentiated = differentiate(scored, batchSize, wanted);
  const session = await createSession(lower(differentiated), 1);
  try {
    const [image] = scored.inputs;
    const outputs = await session.run({
      [image.name]: new Tensor('float32', inputs, [
        batchSize,
        ...(image.shape.slice(1) as number[]),
      ]),
      [targetsInput]: new Tensor('int64', BigInt64Array.from(targets, BigInt), [batchSize]),
    });
    const data = (name: string) => outputs[name].data as Float32Array;
    return {
      loss: data(lossOutput)[0],
      gradients: new Map([...differentiated.gradients].map(([w, value]) => [w, data(value)])),
    };
  } finally {
    await session.release();
  }
}

/** Null where the step crosses a kink of a Relu, or would. */
function centralDifference(
  graph: Graph,
  batchSize: number,
  feeds: ReadonlyMap<string, ArrayLike<number>>,
  weight: string,
  place: number,
  signs: readonly (readonly number[])[],
): number | null {
  const initializer = graph.initializers.get(weight);
  if (!initializer) throw new RangeError(`no weights ${weight}`);
  const losses = [step, -step].map((by) => {
    const moved = Float64Array.from(materialise(initializer));
    moved[place] += by;
    const values = evaluate(graph, batchSize, feeds, new Map([[weight, moved]]));
    const crossed = reluSigns(graph, values).some((list, i) =>
      list.some((value, j) => value > 0 !== signs[i][j] > 0),
    );
    return crossed ? null : (values.get(lossOutput) as Value).data[0];
  });
  const [above, below] = losses;
  return above === null || below === null ? null : (above - below) / (2 * step);
}

function reluSigns(graph: Graph, values: ReadonlyMap<string, Value>): number[][] {
  return graph.nodes
    .filter(({ kind }) => kind === 'Relu')
    .map((node) => [...(values.get(node.inputs[0]) as Value).data]);
}

/** All places of a small weight, some of a large one. */
function places(length: number, weight: string, seed: number): number[] {
  const all = Array.from({ length }, (_, place) => place);
  if (length <= placesPerWeight) return all;
  const random = generatorFor('places', weight, seed);
  return Array.from({ length: placesPerWeight }, () => (random.next() >>> 0) % length);
}
