/**
 * `npm run bench -- opinion-scores [SPACE] [NETWORKS] [SECONDS] [DRAW]`: scores of random networks whose accuracies are known, those
 * of `zico benchmark SPACE --count NETWORKS --seed 0`: every proxy, and ZiCo of four batches of eight images, on
 * onednn with one thread. Computes a long time: results are kept in dist/bench, SECONDS ends it, and the same command
 * goes on. DRAW is the seed of images and weights. `npm run bench -- opinion` makes tables of them.
 */
import path from 'node:path';
import { proxyNames } from '../../main/common/proxies.ts';
import { drawDistinct } from '../../main/draw.ts';
import { readAccuracyTable } from '../../main/benchmark/accuracy-table.ts';
import { knownAccuracies } from '../../main/benchmark/known-accuracies.ts';
import { builtVersion } from '../../main/engine/onednn/addon.ts';
import { onednnComputing } from '../../main/engine/onednn/computing.ts';
import { scoreOf } from '../../main/proxy/zico.ts';
import { generatorFor } from '../../main/random.ts';
import { initialNetwork } from '../../main/space/initial-network.ts';
import { spaceNamed } from '../../main/space/index.ts';
import { drawBatches } from '../../main/task/draw-batches.ts';
import { openImages } from '../../main/task/embedded.ts';
import { Resumable } from '../support/resumable.ts';

const [name = 'nas-bench-201', count = '1000', seconds = 'Infinity', draw = '0'] =
  process.argv.slice(2);
const seed = Number(draw);
const assets = path.resolve(import.meta.dirname, '../../main/assets');
const space = spaceNamed(name);
const table = await readAccuracyTable(knownAccuracies(name, assets), space);
const images = await openImages(null, assets);
const batches = await drawBatches(images, { batches: 4, batchSize: 8, seed });
const version = builtVersion() ?? '';
const engine = { name: 'onednn', version, threads: 1 } as const;
const results = new Resumable<object>(`opinion-${name}-${version}`, Number(seconds));
console.log(`results in ${results.file}`);
for (const row of drawDistinct(generatorFor('benchmark', 0), table.rows.length, Number(count))) {
  const { genotype } = table.rows[row]!;
  const done = await results.get(`${genotype} 4 8 ${seed} ${seed}`, async () => {
    const graph = initialNetwork(space, genotype, 'pytorch-default', seed, 'scoring');
    const { layers } = await onednnComputing.compute(graph, batches, 100, engine, Infinity);
    const live = layers.filter(({ gradientNorms }) => gradientNorms.some((norm) => norm > 0));
    const readings = await onednnComputing.proxies(graph, batches, proxyNames, engine, Infinity);
    const { parameters, macs } = space.counts(genotype);
    return {
      ...{ parameters, macs, layers: layers.length, live: live.length },
      lnChannels: layers.reduce((sum, { channels }) => sum + Math.log(channels), 0),
      ...scoreOf(layers),
      biasLive: scoreOf(live).bias,
      ...Object.fromEntries(proxyNames.map((one) => [one, readings[one]?.value ?? null])),
    };
  });
  if (done === null) break;
}
