/**
 * `npm run bench -- cells [NETWORKS] [DRAWS] [SETTING,...] [SECONDS]`: which ZiCo ranks the cells of NAS-Bench-201 best,
 * where topology varies: Kendall tau-b with the accuracies of its three data sets over so many random cells, for every
 * draw of batches and weights. A SETTING is BATCHESxIMAGES, with `k` behind it for Kaiming's fan-out initialisation
 * (else PyTorch's); each is ranked by plain ZiCo, with terms capped at 100, and by betas. With standard errors of the
 * bootstrap over networks. Scores are kept in dist/bench; SECONDS ends it, and the same command goes on.
 */
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { kendallTauB } from '../../main/common/rank-correlation.ts';
import { generatorFor } from '../../main/random.ts';
import {
  benchmarked,
  ScoredNetworks,
  sizesOf,
  type KeptScore,
  type Setting,
} from '../support/scored-networks.ts';

const [networks = '1000', draws = '3', settings = '4x8,4x8k,8x8,2x64', seconds = 'Infinity'] =
  process.argv.slice(2);
const scored = new ScoredNetworks('nas-bench-201', Number(seconds));
console.log(`scores in ${scored.file}`);
const { rows, columns } = await benchmarked(scored.space, Number(networks));

const settingOf = (text: string, seed: number): Setting => ({
  ...sizesOf(text.replace('k', '')),
  weights: text.endsWith('k') ? 'kaiming-normal-fan-out' : 'pytorch-default',
  ...{ precision: 'float32', weightSeed: seed, batchSeed: seed },
});
const rankings: Readonly<Record<string, (score: KeptScore) => number>> = {
  'ZiCo, beta 0': ({ zico }) => zico,
  'ZiCo capped, beta 0': ({ zicoCapped }) => zicoCapped,
  'ZiCo-BC, beta 1, live layers': ({ zico, bias }) => zico - bias.deployment.live,
  'ZiCo-BC, beta 1, all layers': ({ zico, bias }) => zico - bias.deployment.all,
};

const taus = (values: readonly number[], known: typeof rows): number[] =>
  columns.map((_, c) =>
    kendallTauB(
      values,
      known.map(({ accuracies }) => accuracies[c]!),
    ),
  );

/** Standard deviation of tau when other networks are drawn: of the first column and the first draw. */
function standardError(values: readonly number[], known: typeof rows): number {
  const random = generatorFor('cells', values.length);
  const drawn = Array.from({ length: 100 }, () => {
    const places = values.map(() => uniformInt(random, 0, values.length - 1));
    return kendallTauB(
      places.map((i) => values[i]!),
      places.map((i) => known[i]!.accuracies[0]!),
    );
  });
  const mean = drawn.reduce((a, b) => a + b, 0) / drawn.length;
  return Math.sqrt(drawn.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (drawn.length - 1));
}

for (const text of settings.split(',')) {
  const passes: { readonly known: typeof rows; readonly scores: readonly KeptScore[] }[] = [];
  for (let draw = 0; draw < Number(draws); draw++) {
    const scores: KeptScore[] = [];
    for (const { genotype } of rows) {
      const score = await scored.score(genotype, settingOf(text, draw));
      if (score === null) break;
      scores.push(score);
    }
    if (scores.length > 1) passes.push({ known: rows.slice(0, scores.length), scores });
  }
  for (const [title, value] of Object.entries(rankings)) {
    const all = passes.map(({ known, scores }) => taus(scores.map(value), known));
    const written = all.map((own) => own.map((tau) => tau.toFixed(3)).join(' / ')).join('; ');
    const first = passes[0];
    const error = first ? standardError(first.scores.map(value), first.known) : NaN;
    console.log(
      `${text} ${title}: ${passes.map(({ scores }) => scores.length).join(', ')} cells: ${written} (standard error over networks ${error.toFixed(3)})`,
    );
  }
}
await scored.close();
