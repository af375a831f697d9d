/**
 * `npm run bench -- preset-sweep SPACE [NETWORKS] [SIZE] [REFERENCE] [SETTING,SETTING] [SECONDS]`: how few images a score
 * needs in a space of which no accuracies are known. Kendall tau-b, over so many random networks, between scores of
 * BATCHESxIMAGES and a reference of many images (other images and other weights where there are enough; detection
 * and segmentation ship 40 images, of which both draw), and the time of each beside that of two batches of 16 images.
 * Scores are kept in dist/bench; SECONDS ends it, and the same command goes on.
 */
import { kendallTauB } from '../../main/common/rank-correlation.ts';
import {
  sampled,
  ScoredNetworks,
  sizesOf,
  type KeptScore,
  type Setting,
} from '../support/scored-networks.ts';

const [name = 'efficientnet', networks = '100', size = '64', reference = '16x16'] =
  process.argv.slice(2);
const [settings = '2x16,2x8,3x4,4x2,4x4,4x8,8x4', seconds = 'Infinity'] = process.argv.slice(6);
/** As deployed: larger ones take minutes each, and a search with a limit never comes near them. */
const limits: Readonly<Record<string, { parameters: number; macs: number }>> = {
  efficientnet: { parameters: 40e6, macs: 4e9 },
  'efficientdet-d0': { parameters: 40e6, macs: 20e9 },
  'efficientnet-wide': { parameters: 40e6, macs: 4e9 },
  'efficientdet-d0-wide': { parameters: 40e6, macs: 20e9 },
};
const most = limits[name] ?? { parameters: Infinity, macs: Infinity };
const betas = [0, 1, 2];

const scored = new ScoredNetworks(name, Number(seconds), Number(size));
console.log(`scores in ${scored.file}`);
const genotypes = sampled(scored.space, Number(networks), most);

const settingOf = (text: string, seed: number): Setting => ({
  ...sizesOf(text),
  weights: 'pytorch-default',
  // As a search scores: Winograd's method where terms are capped and come from four batches or more.
  precision: sizesOf(text).batches >= 4 ? 'float32-winograd' : 'float32',
  ...{ weightSeed: seed, batchSeed: seed },
});
const columns = [settingOf(reference, 1), ...settings.split(',').map((text) => settingOf(text, 0))];
const rows: (readonly KeptScore[])[] = [];
for (const [n, genotype] of genotypes.entries()) {
  const row: KeptScore[] = [];
  for (const setting of columns) {
    const score = await scored.score(genotype, setting);
    if (score === null) break;
    row.push(score);
  }
  if (row.length < columns.length) break; // time is over
  rows.push(row);
  if ((n + 1) % 10 === 0) console.log(`${n + 1} of ${genotypes.length}`);
}
await scored.close();

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
for (const [c, text] of settings.split(',').entries()) {
  const cells = [true, false].flatMap((capped) =>
    betas.map((beta) => {
      const of = (score: KeptScore): number =>
        (capped ? score.zicoCapped : score.zico) - beta * score.bias.deployment.live;
      const tau = kendallTauB(
        rows.map((row) => of(row[0]!)),
        rows.map((row) => of(row[c + 1]!)),
      );
      return `${capped ? 'capped' : 'plain'} beta ${beta} ${tau.toFixed(3)}`;
    }),
  );
  const time = median(rows.map((row) => row[c + 1]!.seconds));
  console.log(
    `${name} ${text}: ${rows.length} networks, reference ${reference}: tau ${cells.join(', ')}; median ${time.toFixed(2)} s`,
  );
}
const silent = rows.filter(([score]) => score!.live < score!.layers).length;
console.log(`${silent} of ${rows.length} networks have layers without a gradient (reference)`);
