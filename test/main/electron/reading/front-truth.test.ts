import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readAccuracyTable } from '../../../../main/benchmark/accuracy-table.ts';
import { judgedSpaceOf, knownAccuracies } from '../../../../main/benchmark/known-accuracies.ts';
import { judgeFronts } from '../../../../main/electron/reading/front-truth.ts';
import { spaceNamed } from '../../../../main/space/index.ts';

const assets = path.join(import.meta.dirname, '../../../../main/assets');

describe('what a front gives away', () => {
  it('is nothing where networks are ranked by their accuracies, and much where they are ranked the other way', async () => {
    const space = 'nas-bench-201';
    const { rows, columns } = await readAccuracyTable(
      knownAccuracies(space, assets),
      spaceNamed(space),
    );
    const by = (sign: number) =>
      rows.map(({ genotype, accuracies }) => ({ genotype, score: sign * accuracies[0]! }));
    const [best, worst, few] = (
      await judgeFronts(space, [by(1), by(-1), by(1).slice(0, 40)], assets)
    ).regrets;
    expect(best).toBeCloseTo(0, 10);
    expect(worst!).toBeGreaterThan(20);
    expect(few!).toBeGreaterThan(0);
    expect((await judgeFronts(space, [], assets)).column).toBe(columns[0]);
  }, 60_000);

  it('is known for searches of the images that ship alone', () => {
    expect(judgedSpaceOf({ space: 'nats-sss', data: null })).toBe('nats-sss');
    expect(judgedSpaceOf({ space: 'nats-sss', data: '/home/somebody/flowers' })).toBeNull();
    expect(judgedSpaceOf({ space: 'ffnet', data: null })).toBeNull();
  });
});
