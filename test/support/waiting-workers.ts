/** A process with farm workers whose engine only waits: node waiting-workers.ts URL COUNT MILLISECONDS */
import { setTimeout as sleep } from 'node:timers/promises';
import { openFarm } from '../../main/farm/connect.ts';
import { FarmWorker } from '../../main/farm/worker.ts';
import { access, offer, scoreOf } from '../main/farm/farm-work.ts';

const [url, count, ms] = process.argv.slice(2);
const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());
const workers = await Promise.all(
  Array.from({ length: Number(count) }, async (_, i) => {
    const farm = await openFarm(access(url!));
    const worker = new FarmWorker({
      ...{ farm, product: 'test', offer: offer(1), name: `${process.pid}:${i}`, graceMs: 0 },
      open: () =>
        Promise.resolve({
          score: async (genotype, signal) => {
            await sleep(Number(ms), undefined, { signal });
            return { ...scoreOf(genotype), seconds: Number(ms) / 1000 };
          },
          close: () => Promise.resolve(),
        }),
    });
    return worker.run(stop.signal).then(() => farm.close());
  }),
);
void workers;
