/**
 * `npm run bench -- preset-times [NETWORKS] [SPACE]`: what a candidate takes by the preset `robust`, of what it takes
 * by `paper`, over so many random networks of a space: on onednn with one thread, both scored right after each other,
 * by the clock and by the processor's time, which other programs hardly move; medians.
 */
import { presetValues, variesBy } from '../../main/common/presets.ts';
import type { Precision } from '../../main/common/engines.ts';
import { drawDistinct } from '../../main/draw.ts';
import { computeNativeStatistics } from '../../main/engine/onednn/statistics.ts';
import { generatorFor } from '../../main/random.ts';
import { initialNetwork } from '../../main/space/initial-network.ts';
import { spaceNamed } from '../../main/space/index.ts';
import { drawBatches } from '../../main/task/draw-batches.ts';
import { openImages } from '../../main/task/embedded.ts';
import { workbenchPlaces } from '../support/engines.ts';
import { median, where } from './peer.ts';

const [count = '30', name = 'nats-sss'] = process.argv.slice(2);
const space = spaceNamed(name);
const images = await openImages(null, workbenchPlaces.assetsFolder);
const [, height, width] = space.scoringShape;
const presets = await Promise.all(
  (['robust', 'paper'] as const).map(async (preset) => {
    const values = presetValues(preset, { ...space, varies: variesBy(space.depth) });
    const { batches, batchSize } = values;
    // As a search scores: Winograd's method where terms are capped and come from four batches or more.
    const precision: Precision =
      values.termCap !== null && batches >= 4 ? 'float32-winograd' : 'float32';
    const size = [height, width] as const;
    return {
      ...{ preset, values, precision },
      set: await drawBatches(images, { batches, batchSize, seed: 0, size }),
    };
  }),
);

interface Time {
  readonly clock: number;
  readonly processor: number;
}
async function timed(work: () => Promise<unknown>): Promise<Time> {
  const [began, used] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(used);
  return { clock: performance.now() - began, processor: (user + system) / 1000 };
}

const places = drawDistinct(generatorFor('preset times'), space.networks, Number(count) + 1);
const shares: Time[] = [];
const robust: Time[] = [];
for (const [n, at] of places.entries()) {
  const times: Time[] = [];
  for (const { values, precision, set } of presets) {
    const network = initialNetwork(space, space.at(at), values.weights, 0, 'scoring');
    times.push(await timed(() => computeNativeStatistics(network, set, 100, 1, false, precision)));
  }
  if (n === 0) continue; // warms up
  const [own, paper] = times as [Time, Time];
  robust.push(own);
  shares.push({ clock: own.clock / paper.clock, processor: own.processor / paper.processor });
}
for (const by of ['clock', 'processor'] as const) {
  console.log(
    `${where()}: ${name}, ${shares.length} networks, by the ${by}: robust takes ${median(robust.map((one) => one[by])).toFixed(0)} ms, ${median(shares.map((one) => one[by])).toFixed(3)} of paper`,
  );
}
