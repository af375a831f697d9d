/** Against a reading of the published network in PyTorch (test/golden/ofa-mobilenetv3/reading.py). */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { networkCount } from '../../../main/common/network-count.ts';
import { summarise } from '../../../main/graph/summary.ts';
import { spaceNamed } from '../../../main/space/index.ts';

interface Reading {
  readonly name: string;
  readonly size: number;
  /** Kernel and expansion of each block of each stage. */
  readonly blocks: readonly (readonly (readonly [number, number])[])[];
  readonly parameters: number;
  readonly macs: number;
}

const file = new URL('../../golden/ofa-mobilenetv3/counts.json', import.meta.url);
const readings = JSON.parse(readFileSync(file, 'utf8')) as readonly Reading[];
const space = spaceNamed('ofa-mobilenetv3');

const genesOf = ({ size, blocks }: Reading): Record<string, number> => ({
  resolution: size,
  ...Object.fromEntries(
    blocks.flatMap((stage, s) => [
      [`stage${s + 2}.repeats`, stage.length] as const,
      ...stage.flatMap(([kernel, expansion], b) => [
        [`stage${s + 2}.kernel${b + 1}`, kernel] as const,
        [`stage${s + 2}.expansion${b + 1}`, expansion] as const,
      ]),
    ]),
  ),
});

describe('ofa-mobilenetv3', () => {
  it('has (9^2 + 9^3 + 9^4)^5 networks for each of 25 resolutions', () => {
    expect(space.count).toBe(25n * (9n ** 2n + 9n ** 3n + 9n ** 4n) ** 5n);
    expect(networkCount(space.count)).toBe(String(space.count));
  });

  it.each(readings.map((one) => [one.name, one] as const))('%s as PyTorch counts it', (_, one) => {
    const genotype = space.parse(JSON.stringify({ genes: genesOf(one) }));
    const { parameters, macs } = summarise(space.decode(genotype));
    expect({ parameters, macs }).toEqual({ parameters: one.parameters, macs: one.macs });
    expect(space.counts(genotype)).toMatchObject({ parameters, macs });
  });
});
