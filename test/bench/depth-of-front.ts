/**
 * `npm run bench -- depth-of-front [SPACE] [SIZE] [CANDIDATES] [SEEDS] [SETTING] [SECONDS]`: the effect of the paper's
 * Figure 1. Searches (NSGA-II, generations of 20, MACs as cost) by plain ZiCo and by ZiCo-BC with the paper's beta of
 * the task, the bias counted over feature maps of the deployment's size; of the fronts, how many networks are at
 * maximum depth, and how deep and wide they are on average, as places in the ranges of the space. Images of
 * SIZE x SIZE, SETTING as BATCHESxIMAGES, terms capped at 100. Scores are kept in dist/bench; SECONDS ends it, and the
 * same command goes on.
 */
import { relativeShape } from '../../main/analysis/bias.ts';
import { shapeOf } from '../../main/common/network-shape.ts';
import { defaultSearchSettings } from '../../main/common/settings/index.ts';
import { generationalDefaults } from '../../main/common/settings/method.ts';
import { betaOfTask } from '../../main/common/tasks.ts';
import type { EvaluatedCandidate } from '../../main/run/candidate.ts';
import { frontOf, rankingOf } from '../../main/run/ranking.ts';
import { runSearch } from '../../main/search/search.ts';
import { memoized } from '../../main/search/size.ts';
import type { Genotype } from '../../main/space/space.ts';
import { countsOf } from '../../main/workbench/size-of.ts';
import { ScoredNetworks, sizesOf, usualLimits, type Setting } from '../support/scored-networks.ts';
import { createMemoryStore, toyScore } from '../support/toy-search.ts';

const [name = 'efficientnet', size = '64', candidates = '160', seeds = '3', setting = '4x2'] =
  process.argv.slice(2);
const seconds = Number(process.argv[7] ?? 'Infinity');
const scored = new ScoredNetworks(name, seconds, Number(size));
const { space } = scored;
console.log(`scores in ${scored.file}`);
const count = memoized((genotype: Genotype) => countsOf(space, genotype));
const limits = usualLimits(space.task);
const how: Setting = {
  ...sizesOf(setting),
  ...{ weights: 'pytorch-default', precision: 'float32-winograd', weightSeed: 0, batchSeed: 0 },
};

class TimeIsOver extends Error {}

async function searched(beta: number, seed: number): Promise<readonly EvaluatedCandidate[]> {
  const settings = {
    ...defaultSearchSettings,
    ...generationalDefaults,
    ...limits,
    ...{ space: name, latency: 'macs' as const, generations: null, population: 20 },
    ...{ candidates: Number(candidates), seed, beta, termCap: 100 },
  };
  const store = createMemoryStore(settings);
  await runSearch({
    ...{ space, settings, store, latency: null, summarise: count, count },
    score: async (genotype) => {
      const kept = await scored.score(genotype, how);
      if (kept === null) throw new TimeIsOver();
      const { zico, zicoCapped, bias } = kept;
      return { ...toyScore('1-1' as Genotype), zico, zicoCapped, bias: bias.deployment.live };
    },
  });
  return store.candidates().filter((one) => one.status === 'evaluated');
}

function report(
  all: readonly EvaluatedCandidate[],
  searchedBy: number,
  beta: number,
  seed: number,
) {
  const settings = { ...defaultSearchSettings, latency: 'macs' as const, beta, termCap: 100 };
  const front = frontOf(all, rankingOf(settings));
  const shape = shapeOf(front.map(({ genotype }) => relativeShape(genotype, space)));
  const written = (value: number | null): string => value?.toFixed(3) ?? '-';
  const macs = front.map((one) => Math.round(one.macs / 1e6));
  console.log(
    `${name} ${size} ${setting}, seed ${seed}: ${all.length} candidates by beta ${searchedBy}, ranked by beta ${beta}: front of ${front.length}, at maximum depth ${written(shape.atMaximumDepth)}, depth ${written(shape.depth)}, width ${written(shape.width)}, ${macs[0]} M to ${macs.at(-1)} MACs`,
  );
}

console.log(`beta ${betaOfTask[space.task]} is the paper's; limits ${JSON.stringify(limits)}`);
try {
  for (let seed = 0; seed < Number(seeds); seed++) {
    for (const beta of [0, betaOfTask[space.task]]) {
      const all = await searched(beta, seed);
      report(all, beta, beta, seed);
      if (beta === 0) report(all, 0, betaOfTask[space.task], seed);
    }
  }
} catch (error) {
  if (!(error instanceof TimeIsOver)) throw error;
  console.log('time is over');
}
await scored.close();
