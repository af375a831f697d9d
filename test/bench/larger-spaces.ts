/**
 * `npm run bench -- larger-spaces [SPACE] [SIZE] [SEEDS] [GUIDED,NSGA2] [SETTING]`: how far a guided search gets with
 * some candidates, and NSGA-II (generations of 20) with several times as many, by real scores and MACs. Images of
 * SIZE x SIZE, SETTING as BATCHESxIMAGES; networks of at most 4 GMACs and 40 million parameters. The hypervolume over
 * the logarithm of MACs, from the dearest network of these and the least score of the cheapest and twenty random ones
 * on: a point fixed before either search. Scores are shared between the searches, and kept in dist/bench.
 */
import { hypervolume } from '../../main/common/hypervolume.ts';
import { defaultSearchSettings, type SearchSettings } from '../../main/common/settings/index.ts';
import { generationalDefaults } from '../../main/common/settings/method.ts';
import { generatorFor } from '../../main/random.ts';
import { runAtOnce } from '../../main/search/guided/slices.ts';
import { startDesign } from '../../main/search/guided/start-design.ts';
import { excessOf } from '../../main/search/repair.ts';
import { runSearch } from '../../main/search/search.ts';
import { memoized } from '../../main/search/size.ts';
import type { Genotype } from '../../main/space/space.ts';
import { countsOf } from '../../main/workbench/size-of.ts';
import { ScoredNetworks, sizesOf, type Setting } from '../support/scored-networks.ts';
import { createMemoryStore, toyScore } from '../support/toy-search.ts';

const [name = 'efficientnet', size = '64', seeds = '1', budgets = '100,400', setting = '4x8'] =
  process.argv.slice(2);
const [guided, generational] = budgets.split(',').map(Number) as [number, number];
const scored = new ScoredNetworks(name, Infinity, Number(size));
const { space } = scored;
const count = memoized((genotype: Genotype) => countsOf(space, genotype));
const limits = { maxParameters: 40e6, maxMacs: 4e9 };
const how: Setting = {
  ...sizesOf(setting),
  ...{ weights: 'pytorch-default', precision: 'float32-winograd', weightSeed: 0, batchSeed: 0 },
};
const beta = 2;

const scores = new Map<Genotype, number>();
async function scoreOf(genotype: Genotype): Promise<number> {
  const known = scores.get(genotype);
  if (known !== undefined) return known;
  const kept = await scored.score(genotype, how);
  if (kept === null) throw new Error('no time limit was given');
  const score = kept.zicoCapped - beta * kept.bias.deployment.live;
  scores.set(genotype, score);
  return score;
}

const excess = (genotype: Genotype): number => excessOf(count(genotype), limits);
const request = { space, seed: 0, count: 2, summarise: count, excess };
const [cheapest, largest] = runAtOnce(startDesign(request)) as [Genotype, Genotype];
const random = generatorFor('larger spaces');
const beforehand = [cheapest];
while (beforehand.length < 21) {
  const one = space.sample(random);
  if (excess(one) === 0) beforehand.push(one);
}
let least = Infinity;
for (const one of beforehand) least = Math.min(least, await scoreOf(one));
const dearest = Math.log(count(largest).macs);

async function searched(changes: Partial<SearchSettings>): Promise<readonly Genotype[]> {
  const settings = { ...defaultSearchSettings, ...limits, space: name, beta: 0, ...changes };
  const store = createMemoryStore(settings);
  await runSearch({
    ...{ space, settings, store, latency: null, summarise: count, count },
    score: async (genotype) => {
      const zico = await scoreOf(genotype);
      return { ...toyScore('1-1' as Genotype), zico, zicoCapped: zico, bias: 0 };
    },
  });
  return store.candidates().map(({ genotype }) => genotype);
}

const areaOf = (networks: readonly Genotype[]): number =>
  hypervolume(
    networks.map((one) => [Math.log(count(one).macs), -(scores.get(one) ?? least)] as const),
    [dearest, -least],
  );
const places = [40, 60, 100, 200, 240, 400];
const figures = (tried: readonly Genotype[]): string =>
  places
    .filter((place) => place <= tried.length)
    .map((place) => `${place}: ${areaOf(tried.slice(0, place)).toFixed(2)}`)
    .join(', ');

for (let seed = 0; seed < Number(seeds); seed++) {
  const byModel = await searched({ seed, candidates: guided });
  console.log(`larger spaces ${name} ${size}, seed ${seed}: guided ${figures(byModel)}`);
  const byGenerations = await searched({
    ...generationalDefaults,
    ...{ generations: null, seed, candidates: generational },
  });
  console.log(`larger spaces ${name} ${size}, seed ${seed}: nsga2 ${figures(byGenerations)}`);
}
await scored.close();
