/**
 * Initial weights. They are described by scheme and seed until the process that needs them asks for
 * numbers, and are the same in scoring and export: a function of (seed, initialiser's name) alone.
 */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { Graph, Initializer, Shape, WeightScheme } from './graph.ts';
import { layersOf } from './layers.ts';
import { generatorFor, seedOf, type RandomGenerator } from '../random.ts';
import { elements } from './shape.ts';

/** Replaces the weights of every layer by fresh random ones. Norms and biases are left as they are. */
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

/** The numbers of an initialiser, row-major. Data are returned as they are, not copied. */
export function materialise(initializer: Initializer): Float32Array {
  const { shape, values } = initializer;
  switch (values.kind) {
    case 'data':
      return values.data;
    case 'constant':
      return new Float32Array(elements(shape)).fill(values.value);
    case 'random': {
      const data = new Float32Array(elements(shape));
      const uniform = uniformDrawOf(initializer);
      if (uniform) fillUniform(data, uniform);
      else fillKaimingNormal(data, counted(shape, values.inputsFirst), generatorFor(values.seed));
      return data;
    }
  }
}

/** Numbers of a uniform distribution over [-bound, bound). */
export interface UniformDraw {
  /** Of a fresh xoroshiro128plus: each number is its next 32 bits / 2^31 * bound. */
  readonly generatorSeed: number;
  readonly bound: number;
}

/**
 * How to draw an initialiser's numbers where they are uniform, for an engine that draws them itself; null
 * where they are anything else.
 */
export function uniformDrawOf({ shape, values }: Initializer): UniformDraw | null {
  if (values.kind !== 'random' || values.scheme !== 'pytorch-default') return null;
  const bound = pytorchDefaultBound(counted(shape, values.inputsFirst));
  return { generatorSeed: seedOf(values.seed), bound };
}

/** Both schemes count outputs first, as PyTorch keeps its weights. */
const counted = (shape: Shape, inputsFirst = false): Shape =>
  inputsFirst ? [...shape].reverse() : shape;

/** Weights are M x C/g x kH x kW (Conv) or M x C (Linear): fan-in is all but the first axis. */
function fanIn(shape: Shape): number {
  return elements(shape.slice(1));
}

/** Fan-out as torch.nn.init counts it: output channels times kernel size. */
function fanOut(shape: Shape): number {
  return shape[0]! * elements(shape.slice(2));
}

/**
 * PyTorch's default for Conv2d and Linear: Kaiming uniform with a = sqrt 5, which is
 * U(-1/sqrt(fanIn), 1/sqrt(fanIn)). Source: torch.nn.Conv2d.reset_parameters.
 */
const pytorchDefaultBound = (shape: Shape): number => 1 / Math.sqrt(fanIn(shape));

function fillUniform(data: Float32Array, { generatorSeed, bound }: UniformDraw): void {
  const random = xoroshiro128plus(generatorSeed);
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
