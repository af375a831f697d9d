/** Proxies of one network on any engine: which passes they need, what they read of them, and the formulas. */
import type { ProxyName, ProxyReading } from '../../common/proxies.ts';
import { reportOf } from '../../errors.ts';
import { isHomogeneous, withAbsoluteWeights } from '../../graph/absolute.ts';
import { bindImage } from '../../graph/bind.ts';
import { differentiateSum, type DifferentiatedGraph } from '../../graph/differentiate.ts';
import { toTraining } from '../../graph/forms.ts';
import type { Graph } from '../../graph/graph.ts';
import { inferShapes } from '../../graph/infer-shapes.ts';
import { materialise } from '../../graph/weights.ts';
import { proxyFormulas } from '../../proxy/index.ts';
import type {
  AbsoluteLayer,
  ProxyFeatureMap,
  ForwardProxy,
  SaliencyProxy,
} from '../../proxy/proxy.ts';
import type { BatchSet } from '../../task/batches.ts';
import { elements } from '../../graph/shape.ts';
import { connectedLayers, scoredLayers } from '../scored-layers.ts';
import {
  fewImages,
  numbersIn,
  networkValues,
  withParts,
  type NetworkValue,
  type Taken,
} from './forward.ts';

/** Runs a graph once and returns some of its values, row-major, in the order of their names. */
export type Evaluate = (
  graph: DifferentiatedGraph,
  image: Float32Array,
  wanted: readonly string[],
) => Promise<readonly Float32Array[]>;

export type ProxyReadings = Readonly<Partial<Record<ProxyName, ProxyReading>>>;

/** Values leave an engine in passes of at most this many numbers: a quarter of a gigabyte. */
const mostNumbers = 2 ** 26;

/**
 * @throws WorkbenchError where the network cannot be run at all. What fails for one proxy alone, such as a value that
 *   is not finite or an operator that cannot be differentiated, is its reading.
 */
export async function computeProxies(
  network: Graph,
  batches: BatchSet,
  names: readonly ProxyName[],
  evaluate: Evaluate,
): Promise<ProxyReadings> {
  const bound = bindImage(network, batches.inputShape);
  scoredLayers(bound);
  const readings: Partial<Record<ProxyName, ProxyReading>> = {};
  for (const images of ['few', 'batch'] as const) {
    const named = names.flatMap((name) => {
      const proxy = proxyFormulas[name];
      return proxy.pass === 'forward' && proxy.images === images ? [{ name, proxy }] : [];
    });
    if (named.length === 0) continue;
    const maps = await forwardMaps(toTraining(bound), batches, named, images, evaluate);
    for (const { name, proxy } of named) readings[name] = proxy.score(maps.get(name)!);
  }
  for (const name of names) {
    const proxy = proxyFormulas[name];
    if (proxy.pass === 'absolute') readings[name] = await absoluteReading(bound, proxy, evaluate);
  }
  return readings;
}

interface Named {
  readonly name: ProxyName;
  readonly proxy: ForwardProxy;
}

/** What each proxy reads, by its name; parts that several read are handed out once. */
export async function forwardMaps(
  training: Graph,
  batches: BatchSet,
  named: readonly Named[],
  images: ForwardProxy['images'],
  evaluate: Evaluate,
): Promise<ReadonlyMap<ProxyName, readonly ProxyFeatureMap[]>> {
  const drawn = batches.batches.length * batches.batchSize;
  const count =
    images === 'batch' ? batches.batchSize : Math.min(drawn, fewImages(networkValues(training, 2)));
  const values = networkValues(training, count);
  const wanted = named.map(({ proxy }) => readBy(proxy, values));
  const taken = [
    ...new Map(
      wanted.flat().flatMap(({ taken: one }) => (one ? [[one.output, one]] : [])),
    ).values(),
  ];
  const numbers = new Map<string, Float32Array>();
  const image = firstImages(batches, count);
  for (const some of inPasses(taken)) {
    const graph = withParts(training, some);
    const shapes = inferShapes(graph, count);
    const outputs = some.map(({ output }) => output);
    const found = await evaluate({ graph, shapes, gradients: new Map() }, image, outputs);
    outputs.forEach((output, i) => numbers.set(output, found[i]!));
  }
  return new Map(
    named.map(({ name }, i) => [
      name,
      wanted[i]!.map(({ value, taken: one }): ProxyFeatureMap => ({
        of: value.of,
        shape: value.shape,
        data: (one && numbers.get(one.output)) ?? new Float32Array(0),
      })),
    ]),
  );
}

function readBy(
  proxy: ForwardProxy,
  values: readonly NetworkValue[],
): readonly { readonly value: NetworkValue; readonly taken: Taken | null }[] {
  return values
    .filter(({ of }) => proxy.reads.includes(of))
    .map((value) => {
      const part = proxy.part(value.shape, value.of);
      if (part === null) return { value, taken: null };
      // Proxies that read the same part share it.
      const output = `:${value.name}:${part.images}x${part.channels}x${part.columns}`;
      return { value, taken: { value, part, output } };
    });
}

function* inPasses(taken: readonly Taken[]): Generator<readonly Taken[], void> {
  let some: Taken[] = [];
  let numbers = 0;
  for (const one of taken) {
    if (some.length > 0 && numbers + numbersIn(one) > mostNumbers) {
      yield some;
      [some, numbers] = [[], 0];
    }
    some.push(one);
    numbers += numbersIn(one);
  }
  if (some.length > 0) yield some;
}

/** The first images of all batches, one batch after the other. */
function firstImages({ batches, inputShape, batchSize }: BatchSet, count: number): Float32Array {
  const size = elements(inputShape);
  if (count === batchSize) return batches[0]!.inputs;
  const images = new Float32Array(count * size);
  for (let at = 0; at < count; at += batchSize) {
    const { inputs } = batches[at / batchSize]!;
    images.set(inputs.subarray(0, Math.min(batchSize, count - at) * size), at * size);
  }
  return images;
}

/**
 * Without normalisations values grow from layer to layer, beyond single precision in deep networks. Where a network
 * is homogeneous (twice the image, twice every value), image and derivative are begun with these powers of two.
 */
const exponents = [0, -64, -110];

async function absoluteReading(
  bound: Graph,
  proxy: SaliencyProxy,
  evaluate: Evaluate,
): Promise<ProxyReading> {
  try {
    const graph = withAbsoluteWeights(bound);
    const tried = isHomogeneous(graph) ? exponents : exponents.slice(0, 1);
    let reading: ProxyReading | null = null;
    for (const exponent of tried) {
      reading = proxy.score(await absoluteLayers(graph, 2 ** exponent, evaluate));
      if (reading.value !== null) return reading;
    }
    return reading!;
  } catch (error) {
    const { code, message } = reportOf(error);
    if (!ofThisPassAlone.has(code)) throw error;
    return { value: null, reason: message };
  }
}

async function absoluteLayers(
  graph: Graph,
  start: number,
  evaluate: Evaluate,
): Promise<readonly AbsoluteLayer[]> {
  const layers = connectedLayers(graph, scoredLayers(graph));
  const weights = layers.map(({ weight }) => weight);
  const differentiated = differentiateSum(graph, 1, weights, start);
  const [, ...size] = differentiated.shapes.get(graph.inputs[0]!.name)!;
  const image = new Float32Array(elements(size)).fill(start);
  const wanted = weights.map((weight) => differentiated.gradients.get(weight)!);
  const gradients = await evaluate(differentiated, image, wanted);
  return weights.map((weight, i) => ({
    weights: materialise(graph.initializers.get(weight)!),
    gradient: gradients[i]!,
    scale: 1 / start ** 2,
  }));
}

/** Errors of one pass that need not affect another. */
const ofThisPassAlone = new Set(['unsupported-operator', 'no-gradient']);
