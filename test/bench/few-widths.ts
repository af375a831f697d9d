/**
 * `npm run bench -- few-widths [SEEDS]`: how much of a front searches by real scores reach. The size space of
 * NATS-Bench with four widths (8, 24, 40, 64), so that all 1,024 networks can be scored: four batches of eight
 * images, beta 2. The share of the hypervolume of all, from the least score and the largest cost on, after some
 * numbers of candidates, by MACs and by a latency that is measured with 5 % of noise (the estimate for a Galaxy
 * S10, judged without the noise). Medians over seeds, then the least.
 */
import path from 'node:path';
import { OneDnnEngine } from '../../main/engine/onednn/engine.ts';
import { builtVersion } from '../../main/engine/onednn/addon.ts';
import { nodeProcesses } from '../../main/child/node-process.ts';
import { hypervolume } from '../../main/common/hypervolume.ts';
import { defaultSearchSettings, type SearchSettings } from '../../main/common/settings/index.ts';
import { generationalDefaults, type SearchMethod } from '../../main/common/settings/method.ts';
import { rankingScore } from '../../main/common/zico-bc.ts';
import { PredictedLatency } from '../../main/latency/predicted/predicted-latency.ts';
import { scoreOf } from '../../main/proxy/zico.ts';
import { generatorFor } from '../../main/random.ts';
import { runSearch } from '../../main/search/search.ts';
import { natsSizeSpace } from '../../main/space/built-in/nats-sss.ts';
import { spaceOf } from '../../main/space/index.ts';
import { initialNetwork } from '../../main/space/initial-network.ts';
import type { Genotype } from '../../main/space/space.ts';
import { drawBatches } from '../../main/task/draw-batches.ts';
import { openImages } from '../../main/task/embedded.ts';
import { countsOf } from '../../main/workbench/size-of.ts';
import { createMemoryStore, toyLatency, toyScore } from '../support/toy-search.ts';

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
const scores = new Map<Genotype, ReturnType<typeof scoreOf>>();
for (const genotype of all) {
  const graph = initialNetwork(space, genotype, 'pytorch-default', 0, 'scoring');
  scores.set(genotype, scoreOf((await engine.statistics({ graph, termCap: 100 })).layers));
}
await engine.close();

const device = new PredictedLatency('predicted-s10-gpu');
const latencies = new Map(all.map((one) => [one, device.leastMs(space.decode(one))]));
const score = (one: Genotype): number => rankingScore(scores.get(one)!, beta, false);
const least = Math.min(...all.map(score));

/** A normal number, always the same for a network. */
function noise(genotype: Genotype): number {
  const random = generatorFor('latency noise', genotype);
  const sum = Array.from({ length: 12 }, () => (random.next() >>> 0) / 2 ** 32);
  return sum.reduce((total, one) => total + one, -6);
}

const costs = {
  macs: (one: Genotype) => countsOf(space, one).macs,
  phone: (one: Genotype) => latencies.get(one)!,
};
const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1]!;

for (const by of ['macs', 'phone'] as const) {
  const dearest = Math.log(Math.max(...all.map(costs[by])));
  const area = (networks: readonly Genotype[]): number =>
    hypervolume(
      networks.map((one) => [Math.log(costs[by](one)), -score(one)] as const),
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
        latency: by === 'macs' ? 'macs' : 'host',
      };
      const store = createMemoryStore(settings);
      await runSearch({
        ...{ space, settings, store },
        summarise: (one) => countsOf(space, one),
        score: (one) => Promise.resolve({ ...toyScore('1-1' as Genotype), ...scores.get(one)! }),
        latency:
          by === 'macs'
            ? null
            : {
                exclusive: false,
                measure: (one) => {
                  const latencyMs = costs.phone(one) * Math.exp(0.05 * noise(one));
                  return Promise.resolve({ ...toyLatency('1-1' as Genotype), latencyMs });
                },
              },
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
