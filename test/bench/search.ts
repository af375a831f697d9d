/**
 * `npm run bench -- search [METHOD,METHOD] [SEEDS] [IN-FLIGHT,IN-FLIGHT] [CANDIDATES] [CELLS.csv macs|parameters]`:
 * how few networks a search needs. The scores are the accuracies of a table, the cost is counted, so nothing is
 * computed but proposals: the share of the hypervolume of the whole space's front (logarithm of the cost,
 * from the least accuracy and the largest cost on) that the networks tried so far reach. Medians over
 * seeds, then the least. By default the size space of NATS-Bench.
 */
import { parseArgs } from 'node:util';
import { hypervolume } from '../../main/common/hypervolume.ts';
import { defaultSearchSettings, type SearchSettings } from '../../main/common/settings/index.ts';
import type { SearchMethod } from '../../main/common/settings/method.ts';
import { runSearch } from '../../main/search/search.ts';
import type { Genotype } from '../../main/space/space.ts';
import { createMemoryStore } from '../support/toy-search.ts';
import { cells, natsSizes } from './accuracies.ts';

const { positionals } = parseArgs({ allowPositionals: true });
const [methods = 'guided,nsga2,random', seeds = '10', flights = '1', most = '200'] = positionals;
const [table, cost = 'macs'] = positionals.slice(4);
const places = [40, 80, 120, 200, 400, 600, 800];

const { space, columns, rows, sizeOf: counted } = table ? cells(table) : await natsSizes();
const sizeOf = (genotype: Genotype) => {
  const size = counted(genotype);
  return cost === 'parameters' ? { ...size, macs: size.parameters } : size;
};
const largest = Math.log(Math.max(...rows.map(({ genotype }) => sizeOf(genotype).macs)));

function shareOf(accuracy: ReadonlyMap<Genotype, number>) {
  const least = Math.min(...accuracy.values());
  const area = (networks: readonly Genotype[]): number =>
    hypervolume(
      networks.map((one) => [Math.log(sizeOf(one).macs), -(accuracy.get(one) ?? least)] as const),
      [largest, -least],
    );
  const all = area(rows.map(({ genotype }) => genotype));
  return (networks: readonly Genotype[]): number => area(networks) / all;
}

const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
};

/** Networks in the order in which they were tried, and the milliseconds that one proposal took. */
async function searched(
  method: SearchMethod,
  seed: number,
  inFlight: number,
  accuracy: ReadonlyMap<Genotype, number>,
): Promise<{ readonly tried: readonly Genotype[]; readonly msEach: number }> {
  const settings: SearchSettings = {
    ...defaultSearchSettings,
    ...{ search: method, seed, inFlight: method === 'nsga2' && inFlight === 1 ? null : inFlight },
    ...{ beta: 0, generations: null, candidates: Number(most), population: 40 },
    latency: 'macs',
  };
  const store = createMemoryStore(settings);
  const began = performance.now();
  await runSearch({
    ...{ space, settings, store, latency: null, summarise: sizeOf, count: sizeOf },
    score: (genotype) => {
      const zico = accuracy.get(genotype) ?? NaN;
      const engine = { name: 'onnxruntime', version: 'table', threads: 1 } as const;
      const described = { termCap: 100, losses: [], layers: [], engine, seconds: 0 };
      return Promise.resolve({ zico, zicoCapped: zico, bias: 0, ...described });
    },
  });
  const tried = store.candidates().map(({ genotype }) => genotype);
  return { tried, msEach: (performance.now() - began) / tried.length };
}

for (const [c, column] of columns.entries()) {
  if (c > 0 && table === undefined) break;
  const accuracy = new Map(rows.map(({ genotype, accuracies }) => [genotype, accuracies[c]!]));
  const share = shareOf(accuracy);
  for (const method of methods.split(',') as SearchMethod[]) {
    for (const inFlight of flights.split(',').map(Number)) {
      const runs: Awaited<ReturnType<typeof searched>>[] = [];
      for (let seed = 0; seed < Number(seeds); seed++) {
        runs.push(await searched(method, seed, inFlight, accuracy));
      }
      const figures = places
        .filter((place) => place <= Number(most))
        .map((place) => {
          const shares = runs.map(({ tried }) => share(tried.slice(0, place)));
          return `${place}: ${median(shares).toFixed(3)} (${Math.min(...shares).toFixed(3)})`;
        });
      const ms = median(runs.map(({ msEach }) => msEach)).toFixed(1);
      console.log(
        `search ${column} ${method}, ${inFlight} in flight: ${figures.join(', ')}; ${ms} ms a candidate`,
      );
    }
  }
}
