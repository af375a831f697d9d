/** Every space that ships: its networks counted in two ways, exported and read back, and searched by both searches. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeDeployableOnnx } from '../../../main/graph/onnx/write.ts';
import { readOnnx } from '../../../main/graph/onnx/read.ts';
import { summarise } from '../../../main/graph/summary.ts';
import { search } from '../../../main/library/index.ts';
import { generatorFor } from '../../../main/random.ts';
import { builtInSpaces } from '../../../main/space/index.ts';
import type { Genotype } from '../../../main/space/space.ts';
import { openRunReadOnly } from '../../../main/store/run-file.ts';

const spaces = builtInSpaces().map((space) => [space.name, space] as const);
const networks = 200;
/** Writing a network takes its weights: some are written, none of the largest. */
const written = 12;
const mostBytes = 150e6;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'zico-every-space-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.each(spaces)('%s', (name, space) => {
  it(`counts ${networks} networks as their graphs do, and some as their files do`, () => {
    const random = generatorFor('every space', name);
    const drawn = new Set<Genotype>();
    for (let i = 0; i < networks; i += 1) drawn.add(space.sample(random));
    let read = 0;
    for (const genotype of drawn) {
      const graph = space.decode(genotype);
      const { parameters, macs } = summarise(graph);
      expect(space.counts(genotype), genotype).toMatchObject({ parameters, macs });
      if (read === written || 4 * parameters > mostBytes) continue;
      const again = summarise(readOnnx(writeDeployableOnnx(graph, 1, 'test'), 'written'));
      expect({ parameters: again.parameters, macs: again.macs }, genotype).toEqual({
        parameters,
        macs,
      });
      read += 1;
    }
    console.log(`${name}: ${drawn.size} counted, ${read} of them written and read back`);
    expect(read).toBeGreaterThan(0);
  });

  /** What the lightest quarter of random networks has at most: heavier ones take longer, and are searched alike. */
  const lightest = (): number => {
    const random = generatorFor('every space, sizes', name);
    const sizes = Array.from({ length: 40 }, () => space.counts(space.sample(random)).parameters);
    return sizes.sort((a, b) => a - b)[10]!;
  };

  it.each(['guided', 'nsga2'] as const)('is searched by %s for 30 candidates', async (method) => {
    const [, height, width] = space.scoringShape;
    // As small as the heads allow: 128 is a multiple of what every backbone shrinks by. Where the resolution is a
    // gene this is the largest, and the smallest still has to have a pixel left.
    const classifying = space.sizes === null ? 32 : 64;
    const side = Math.min(height, width, space.task === 'classification' ? classifying : 128);
    const found = await search({
      ...{ space: name, search: method, candidates: 30, seed: 1, latency: 'macs' },
      ...(method === 'nsga2' && { population: 10 }),
      ...{ batches: 2, batchSize: 2, proxies: 'none' },
      ...(space.networks > 200_000 && { maxParameters: lightest() }),
      ...(side < height && { scoringSize: [side, side] as const }),
      run: path.join(folder, `${name}-${method}.zico`),
    });
    const { status, evaluated, failed, front } = found;
    expect({ status, tried: evaluated + failed }).toEqual({ status: 'finished', tried: 30 });
    console.log(`${name}, ${method}: ${failed} failed`);
    // Cells of nas-bench-201 through which nothing passes fail by name; nothing else fails anywhere.
    const run = openRunReadOnly(path.join(folder, `${name}-${method}.zico`));
    const reasons = run
      .candidates()
      .flatMap((one) => (one.status === 'failed' ? [one.failure.code] : []));
    run.close();
    expect(reasons.filter((code) => name !== 'nas-bench-201' || code !== 'no-gradient')).toEqual(
      [],
    );
    expect(front.length).toBeGreaterThan(0);
  });
});
