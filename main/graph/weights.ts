/**
 * Initial weights. They are described by scheme and seed until the process that needs them asks for
 * numbers, and are the same in scoring and export: a function of (seed, initialiser's name) alone.
 */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import type { Graph, Initializer, Shape, WeightScheme } from './graph.ts';
import { layersOf } from './layers.ts';
import { generatorFor, seedOf, type RandomGenerator } from './random.ts';
import { elements } from './shape.ts';

/** Replaces the weights of every layer by fresh random ones. Norms and biases stay as they are. */
export function withInitialWeights(graph: Graph, scheme: WeightScheme, seed: number): Graph {
  const initializers = new Map(graph.initializers);
  for (const { weight, inputsFirst } of layersOf(graph)) {
    const initializer = initializers.get(weight);
    if (!initializer) continue;
    const values = { kind: 'random', scheme, seed: seedOf(seed, weight), inputsFirst } as const;
    initializers.set(weight, { ...initializer, values });
  }
  return { ...graph, initializers };
}

/** The numbers of an initialiser, row-major. Data is returned as it is, not copied. */
export function materialise({ shape, values }: Initializer): Float32Array {
  switch (values.kind) {
    case 'data':
      return values.data;
    case 'constant':
      return new Float32Array(elements(shape)).fill(values.value);
    case 'random': {
      const data = new Float32Array(elements(shape));
      const random = generatorFor(values.seed);
      // Both schemes count outputs first, as PyTorch keeps its weights.
      const counted = values.inputsFirst ? [...shape].reverse() : shape;
      if (values.scheme === 'pytorch-default') fillPytorchDefault(data, counted, random);
      else fillKaimingNormal(data, counted, random);
      return data;
    }
  }
}

/** Weights are M x C/g x kH x kW (Conv) or M x C (Linear): fan-in is all but the first axis. */
function fanIn(shape: Shape): number {
  return elements(shape.slice(1));
}

/** Fan-out as torch.nn.init counts it: output channels times kernel size. */
function fanOut(shape: Shape): number {
  return shape[0] * elements(shape.slice(2));
}

/**
 * PyTorch's default for Conv2d and Linear: Kaiming uniform with a = sqrt 5, which is
 * U(-1/sqrt(fanIn), 1/sqrt(fanIn)). Source: torch.nn.Conv2d.reset_parameters.
 */
function fillPytorchDefault(data: Float32Array, shape: Shape, random: RandomGenerator): void {
  const bound = 1 / Math.sqrt(fanIn(shape));
  for (let i = 0; i < data.length; i++) {
    data[i] = (random.next() / 0x8000_0000) * bound;
  }
}

/**
 * He (Kaiming) normal, fan-out, gain sqrt 2: N(0, 2 / fanOut). Source: He et al. 2015,
 * torch.nn.init.kaiming_normal_(mode='fan_out'). Normals by Marsaglia's polar method.
 */
function fillKaimingNormal(data: Float32Array, shape: Shape, random: RandomGenerator): void {
  const deviation = Math.sqrt(2 / fanOut(shape));
  for (let i = 0; i < data.length;) {
    const u = 2 * uniformFloat64(random) - 1;
    const v = 2 * uniformFloat64(random) - 1;
    const s = u * u + v * v;
    if (s === 0 || s >= 1) continue;
    const radius = deviation * Math.sqrt((-2 * Math.log(s)) / s);
    data[i++] = u * radius;
    if (i < data.length) data[i++] = v * radius;
  }
}
