import type { Space } from './space.ts';

/** What the gene of the resolution can be, which is the first, and the deployed size that each means; else null. */
export function sizesOfGene({ sizes, genes }: Pick<Space, 'sizes' | 'genes'>) {
  if (sizes === null) return null;
  return sizes.map(({ deployment: [height, width] }, i) => ({
    value: genes[0]!.choices[i]!,
    size: [height, width] as [number, number],
  }));
}
