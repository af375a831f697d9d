import { describe, expect, it } from 'vitest';
import { defaultSearchSettings } from '../../../main/common/settings/index.ts';
import { countIn, runModelOf, type RunModelSource } from '../../../main/electron/run-model.ts';
import { summarise } from '../../../main/graph/summary.ts';
import { generatorFor } from '../../../main/random.ts';
import { newRun } from '../../../main/search/memory-run.ts';
import type { RunRow } from '../../../main/run/run-store.ts';
import { spaceNamed } from '../../../main/space/index.ts';
import { runModel } from '../../../preload/contract.ts';

const space = spaceNamed('nats-sss');
const count = countIn(space, summarise);

function row(id: number): RunRow {
  const genotype = space.sample(generatorFor('rows', id));
  const zico = space.values(genotype).reduce((sum, width) => sum + 5 * Math.log(width), 0);
  return {
    ...{ id, genotype, generation: 0, parents: [], ...count(genotype) },
    ...{
      zico,
      zicoCapped: zico / 2,
      bias: 80 - zico / 4,
      proxies: {},
      biases: null,
      ...{ latencyMs: null, latencyBounds: null, latencyDoubtful: false },
      failure: null,
    },
  };
}
const failed = (id: number): RunRow => ({
  ...row(id),
  ...{ zico: null, zicoCapped: null, bias: null },
  failure: { code: 'engine-crashed', message: 'It died.', hint: 'Retry.' },
});

function source(all: readonly RunRow[]): RunModelSource {
  const info = newRun({ ...defaultSearchSettings, beta: 0 });
  const rows = (after: number, most: number) => all.filter(({ id }) => id > after).slice(0, most);
  return { space, info, rows, count, extras: () => [] };
}

describe('the model of a run, for the page', { timeout: 60_000 }, () => {
  it('is what is expected of the whole space, the scored networks by their numbers', async () => {
    const all = Array.from({ length: 40 }, (_, i) => (i === 7 ? failed(i + 1) : row(i + 1)));
    const model = runModel.parse(await runModelOf(source(all), null));
    expect(model.candidates).toBe(40);
    expect(model.front.length).toBeGreaterThan(20);
    model.front.slice(1).forEach((one, i) => {
      expect(one.cost).toBeGreaterThan(model.front[i]!.cost);
      expect(one.score).toBeGreaterThan(model.front[i]!.score);
    });
    const known = new Map(all.map(({ id, genotype }) => [genotype, id]));
    for (const { genotype, id, scored } of model.front) {
      expect(id).toBe(known.get(genotype as RunRow['genotype']) ?? null);
      expect(scored).toBe(id !== null);
    }
    expect(model.knowledge?.rankCorrelation).toBeGreaterThan(0.9);
    expect(model.knowledge?.genes.map(({ gene }) => gene)).toEqual(['c0', 'c1', 'c2', 'c3', 'c4']);
    // By another beta the scores are others.
    const corrected = await runModelOf(source(all), 2);
    expect(corrected?.front[0]?.score).not.toBe(model.front[0]?.score);
  });

  it('is none where nothing was scored, and knows nothing of a few', async () => {
    expect(await runModelOf(source([]), null)).toBeNull();
    expect(await runModelOf(source([failed(1)]), null)).toBeNull();
    const few = await runModelOf(source([row(1), row(2), row(3)]), null);
    expect(few).toMatchObject({ candidates: 3, knowledge: null });
  });
});
