/**
 * A process with farm workers whose engine only waits: node waiting-workers.ts URL COUNT MILLISECONDS [as-product].
 * With the last word they pass for workers of this version with its own engine, which a window's search takes.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { builtVersion } from '../../main/engine/onednn/addon.ts';
import { instructionsHere } from '../../main/engine/instructions.ts';
import type { Offer } from '../../main/common/farm.ts';
import { openFarm } from '../../main/farm/connect.ts';
import { FarmWorker } from '../../main/farm/worker.ts';
import { productVersion } from '../../main/version.ts';
import { access, identity, offer, scoreOf } from '../main/farm/farm-work.ts';

const [url, count, ms, asProduct] = process.argv.slice(2);
const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());

const own = asProduct === 'as-product';
const precision = 'float32-winograd';
const version = builtVersion(precision) ?? '';
const instructions = instructionsHere();
const offered: Offer = own
  ? {
      ...offer(1),
      engines: (['float32', precision] as const).map((one) => ({
        name: 'onednn',
        precision: one,
        version: builtVersion(one) ?? '',
      })),
      instructions,
    }
  : offer(1);
const engine = own
  ? ({ name: 'onednn', version, precision, instructions, threads: 1 } as const)
  : identity;
/** As far as a search asks for it by default. */
const proxies = own ? { near: { value: 10 } } : {};

const workers = await Promise.all(
  Array.from({ length: Number(count) }, async (_, i) => {
    const farm = await openFarm(access(url!));
    const worker = new FarmWorker({
      ...{ farm, product: own ? productVersion : 'test', offer: offered },
      ...{ name: `${process.pid}:${i}`, graceMs: 0 },
      open: () =>
        Promise.resolve({
          score: async (genotype, signal) => {
            await sleep(Number(ms), undefined, { signal });
            const score = scoreOf(genotype);
            const facts = score.facts && { ...score.facts, proxies };
            return { ...score, ...(facts && { facts }), engine, seconds: Number(ms) / 1000 };
          },
          close: () => Promise.resolve(),
        }),
    });
    return worker.run(stop.signal).then(() => farm.close());
  }),
);
void workers;
