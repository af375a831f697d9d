/**
 * `npm run bench -- few-widths [SEEDS]`: how much of a front searches by real scores reach. The size space of
 * NATS-Bench with four widths (8, 24, 40, 64), so that all 1,024 networks can be scored: four batches of eight
 * images, beta 2. The share of the hypervolume of all, from the least score and the largest cost on, after some
 * numbers of candidates, by MACs and by a latency that is measured with 5 % of noise (the estimate for a Galaxy
 * S10, judged without the noise). Medians over seeds, then the least. Scores are kept in dist/bench.
 */
import path from 'node:path';
import { OneDnnEngine } from '../../main/engine/onednn/engine.ts';
import { builtVersion } from '../../main/engine/onednn/addon.ts';
import { nodeProcesses } from '../../main/child/node-process.ts';
import { hypervolume } from '../../main/common/hypervolume.ts';
import { defaultSearchSettings, type SearchSettings } from '../../main/common/settings/index.ts';
import { generationalDefaults, type SearchMethod } from '../../main/common/settings/method.ts';
import { rankingScore } from '../../main/common/zico-bc.ts';
import { scoreOf } from '../../main/proxy/zico.ts';
import { runSearch } from '../../main/search/search.ts';
import { natsSizeSpace } from '../../main/space/built-in/nats-sss.ts';
import { spaceOf } from '../../main/space/index.ts';
import { initialNetwork } from '../../main/space/initial-network.ts';
import type { Genotype } from '../../main/space/space.ts';
import { drawBatches } from '../../main/task/draw-batches.ts';
import { openImages } from '../../main/task/embedded.ts';
import { countsOf } from '../../main/workbench/size-of.ts';
import { Resumable } from '../support/resumable.ts';
import { searchCost } from '../support/search-costs.ts';
import { createMemoryStore, toyScore } from '../support/toy-search.ts';

const seeds = Number(process.argv[2] ?? '5');
const beta = 2;
const places = [40, 60, 120, 240];
const widths = '[8,24,40,64]';
const text = JSON.stringify(natsSizeSpace).replace(
  /\{"gene":"(c\d)","from":8,"to":64,"step":8\}/g,
  `{"gene":"$1","choices":${widths}}`,
);
const space = spaceOf({ ...(JSON.parse(text) as object), name: 'few-widths', baselines: [] });
const all = Array.from({ length: space.networks }, (_, i) => space.at(i));

const root = path.resolve(import.meta.dirname, '../..');
const version = builtVersion();
if (version === null) throw new Error('onednn was not built (npm run build:native)');
const engine = new OneDnnEngine({
  processes: nodeProcesses,
  entry: path.join(root, 'main/engine/child.ts'),
  ...{ threads: 1, version, otherwise: null },
  limits: { timeoutMs: 300_000, memoryBytes: 2 ** 36 },
});
const images = await openImages(null, path.join(root, 'main/assets'));
await engine.useBatches(await drawBatches(images, { batches: 4, batchSize: 8, seed: 0 }));
const kept = new Resumable<ReturnType<typeof scoreOf>>(`few-widths-${version}`, Infinity);
const scores = new Map<Genotype, ReturnType<typeof scoreOf>>();
for (const genotype of all) {
  const score = await kept.get(genotype, async () => {
    const graph = initialNetwork(space, genotype, 'pytorch-default', 0, 'scoring');
    return scoreOf((await engine.statistics({ graph, termCap: 100 })).layers);
  });
  if (score === null) throw new Error('no time limit was given');
  scores.set(genotype, score);
}
await engine.close();

const score = (one: Genotype): number => rankingScore(scores.get(one)!, beta, false);
const least = Math.min(...all.map(score));

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1]!;

for (const by of ['macs', 'phone'] as const) {
  const cost = searchCost(by, space);
  const logCosts = new Map<Genotype, number>();
  for (const one of all) logCosts.set(one, Math.log(await cost.of(one)));
  const dearest = Math.max(...logCosts.values());
  const area = (networks: readonly Genotype[]): number =>
    hypervolume(
      networks.map((one) => [logCosts.get(one)!, -score(one)] as const),
      [dearest, -least],
    );
  const whole = area(all);
  for (const search of ['guided', 'nsga2', 'random'] as SearchMethod[]) {
    const runs: Genotype[][] = [];
    for (let seed = 0; seed < seeds; seed++) {
      const settings: SearchSettings = {
        ...defaultSearchSettings,
        ...(search === 'nsga2' && generationalDefaults),
        ...{ search, seed, beta, generations: null, candidates: places.at(-1)! },
        latency: cost.latency,
      };
      const store = createMemoryStore(settings);
      await runSearch({
        ...{ space, settings, store },
        summarise: (one) => countsOf(space, one),
        score: (one) => Promise.resolve({ ...toyScore('1-1' as Genotype), ...scores.get(one)! }),
        latency: cost.source,
      });
      runs.push(store.candidates().map(({ genotype }) => genotype));
    }
    const figures = places.map((place) => {
      const shares = runs.map((tried) => area(tried.slice(0, place)) / whole);
      return `${place}: ${median(shares).toFixed(3)} (${Math.min(...shares).toFixed(3)})`;
    });
    console.log(`few widths by ${by}, ${search}: ${figures.join(', ')}`);
  }
}
