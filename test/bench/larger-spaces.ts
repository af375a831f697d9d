/**
 * `npm run bench -- larger-spaces [SPACE] [SIZE] [SEEDS] [GUIDED,NSGA2] [SETTING] [COST]`: how far a guided search gets
 * with some candidates, and NSGA-II (generations of 20) with several times as many, by real scores (beta 2, terms capped
 * at 100) and a cost: `macs`, `phone` or `host` (test/support/search-costs.ts). Images of SIZE x SIZE, SETTING as
 * BATCHESxIMAGES; networks of at most 40 million parameters and 4 billion MACs (segmentation 400, detection 20). The
 * hypervolume over the logarithm of the cost, from the largest network's and the least score of the cheapest and twenty
 * random ones on: a point fixed before either search. Scores are shared between the searches, and kept in dist/bench.
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
import { ScoredNetworks, sizesOf, usualLimits, type Setting } from '../support/scored-networks.ts';
import { searchCost, type CostKind } from '../support/search-costs.ts';
import { createMemoryStore, toyScore } from '../support/toy-search.ts';

const [name = 'efficientnet', size = '64', seeds = '1', budgets = '100,400', setting = '4x2'] =
  process.argv.slice(2);
const cost = (process.argv[7] ?? 'macs') as CostKind;
const [guided, generational] = budgets.split(',').map(Number) as [number, number];
const scored = new ScoredNetworks(name, Infinity, Number(size));
const { space } = scored;
const costs = searchCost(cost, space);
const count = memoized((genotype: Genotype) => countsOf(space, genotype));
const limits = usualLimits(space.task);
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
const dearest = Math.log(await costs.of(largest));

async function searched(changes: Partial<SearchSettings>): Promise<readonly Genotype[]> {
  const settings: SearchSettings = {
    ...{ ...defaultSearchSettings, ...limits, space: name, beta: 0, latency: costs.latency },
    ...changes,
  };
  const store = createMemoryStore(settings);
  await runSearch({
    ...{ space, settings, store, latency: costs.source, summarise: count, count },
    score: async (genotype) => {
      const zico = await scoreOf(genotype);
      return { ...toyScore('1-1' as Genotype), zico, zicoCapped: zico, bias: 0 };
    },
  });
  return store.candidates().map(({ genotype }) => genotype);
}

const places = [40, 60, 100, 200, 240, 400];
async function figures(tried: readonly Genotype[]): Promise<string> {
  const points: (readonly [number, number])[] = [];
  for (const one of tried)
    points.push([Math.log(await costs.of(one)), -(scores.get(one) ?? least)]);
  return places
    .filter((place) => place <= tried.length)
    .map(
      (place) => `${place}: ${hypervolume(points.slice(0, place), [dearest, -least]).toFixed(2)}`,
    )
    .join(', ');
}

const title = `larger spaces ${name} ${size} ${setting} by ${cost}`;
for (let seed = 0; seed < Number(seeds); seed++) {
  const byModel = await searched({ seed, candidates: guided });
  console.log(`${title}, seed ${seed}: guided ${await figures(byModel)}`);
  const byGenerations = await searched({
    ...generationalDefaults,
    ...{ generations: null, seed, candidates: generational },
  });
  console.log(`${title}, seed ${seed}: nsga2 ${await figures(byGenerations)}`);
}
await costs.close();
await scored.close();
