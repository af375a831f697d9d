/** The sizes of images that a description offers, and the size at which each of them is scored. */
import type { ResolutionDescription } from '../common/space-description.ts';
import type { Decision } from './decisions.ts';
import type { Resolutions } from './space.ts';

/** Height and width in pixels. */
type Size = readonly [number, number];

export interface ResolutionOption extends Resolutions {
  /** Of the gene. */
  readonly value: number;
  readonly label: string;
}

export const resolutionPart = 'image';
const usualGene = 'resolution';

export function resolutionGene({ deployment }: ResolutionDescription): string {
  return (deployment instanceof Array ? undefined : deployment.gene) ?? usualGene;
}

/** All sizes of deployment, in the description's order; one where there is no choice. */
export function deployedSizes({ deployment }: ResolutionDescription): readonly Size[] {
  if (deployment instanceof Array) return [deployment];
  if ('choices' in deployment)
    return deployment.choices.map((one) => (one instanceof Array ? one : [one, one]));
  const { from, to, step } = deployment;
  const count = Math.max(Math.floor((to - from) / step) + 1, 0);
  return Array.from({ length: count }, (_, i) => [from + i * step, from + i * step] as const);
}

/** The largest by pixels: the one at which `scoring` is stated. */
function largestOf(sizes: readonly Size[]): Size {
  return sizes.reduce((a, b) => (b[0] * b[1] > a[0] * a[1] ? b : a));
}

/** Every size with that of its scoring: in the ratio of the largest, to the nearest pixel, and at least one. */
export function resolutionOptions(resolution: ResolutionDescription): readonly ResolutionOption[] {
  const sizes = deployedSizes(resolution);
  const largest = largestOf(sizes);
  const { scoring } = resolution;
  const square = sizes.every(([height, width]) => height === width);
  const scaled = (size: Size, axis: 0 | 1): number =>
    Math.max(1, Math.round((scoring[axis] * size[axis]) / largest[axis]));
  return sizes.map((deployment) => {
    const [height, width] = deployment;
    return {
      // A side is a quantity to learn from; sizes of several shapes are names.
      value: square ? height : height * 65_537 + width,
      label: square ? String(height) : `${height}x${width}`,
      deployment,
      scoring: [scaled(deployment, 0), scaled(deployment, 1)],
    };
  });
}

/** The gene of the resolution; none where there is one size. */
export function resolutionDecisions(resolution: ResolutionDescription): Decision[] {
  const options = resolutionOptions(resolution);
  if (options.length === 1) return [];
  const gene = resolutionGene(resolution);
  return [
    {
      gene,
      part: resolutionPart,
      options: options.map(({ value, label }) => ({ value, label, then: [] })),
    },
  ];
}
