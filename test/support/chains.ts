/** Networks of a few consecutive operators, which plans fuse: tests of single operators would miss mistakes there. */
import fc from 'fast-check';
import type { Sketch } from './sketch.ts';

type Part = (sketch: Sketch, x: string, index: number) => string;

const convolution: Part = (sketch, x, index) => {
  const channels = sketch.shapeOf(x)[1]!;
  return sketch.conv(`c${index}`, x, [channels, channels, 1, 1]);
};

const parts = {
  convolution,
  norm: (sketch, x, index) => sketch.norm(`n${index}`, x),
  relu: (sketch, x) => sketch.node('Relu', [x], {}),
  swish: (sketch, x) => sketch.node('Mul', [x, sketch.node('Sigmoid', [x], {})], {}),
  sigmoid: (sketch, x) => sketch.node('Sigmoid', [x], {}),
  hardSwish: (sketch, x) => sketch.node('HardSwish', [x], {}),
  /** Squeeze and excite. */
  gate(sketch, x, index) {
    const mean = sketch.node('GlobalAveragePool', [x], {});
    const weight = sketch.node('Sigmoid', [convolution(sketch, mean, index)], {});
    return sketch.node('Mul', [x, weight], {});
  },
  /** The value before it is used twice. */
  split(sketch, x) {
    const halved = sketch.node('Mul', [x, sketch.weights('half', [], Float32Array.of(0.5))], {});
    return sketch.node('Add', [x, sketch.node('Tanh', [halved], {})], {});
  },
  shortcut: (sketch, x, index) => sketch.node('Add', [x, convolution(sketch, x, index)], {}),
} satisfies Readonly<Record<string, Part>>;

type PartName = keyof typeof parts;
/** Parts that make zeros, at which a following Relu has its kink, and parts that remove zeros again. */
const makingZeros: readonly PartName[] = ['relu', 'hardSwish'];
const endingZeros: readonly PartName[] = ['norm', 'sigmoid'];

function bendsAtZeros(chain: readonly PartName[]): boolean {
  let zeros = false;
  return chain.some((part) => {
    if (part === 'relu' && zeros) return true;
    zeros = makingZeros.includes(part) || (zeros && !endingZeros.includes(part));
    return false;
  });
}

const names = ['convolution', 'norm', 'relu', 'swish', 'sigmoid', 'hardSwish'] as const;
const branching = ['gate', 'split', 'shortcut'] as const;

export const chains: fc.Arbitrary<readonly PartName[]> = fc
  .array(fc.constantFrom(...names, ...branching), { minLength: 2, maxLength: 6 })
  .filter((chain) => !bendsAtZeros(chain));

export const chained = (sketch: Sketch, x: string, chain: readonly PartName[]): string =>
  chain.reduce((value, part, index) => parts[part](sketch, value, index), x);
