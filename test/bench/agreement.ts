/**
 * `npm run bench -- agreement [COUNT] [SPACE|all] [MASKLESS] [SECONDS]`: how far the gradient norms of both
 * engines agree over COUNT random networks of every built-in space, and over the first MASKLESS of them
 * without Relus and max pools. Computes a long time: results are kept in dist/bench, SECONDS ends it, and
 * the same command goes on. Of a space that is not finished the networks so far are summed up.
 */
import { availableParallelism } from 'node:os';
import { builtVersion } from '../../main/engine/onednn/addon.ts';
import {
  agreementOn,
  agreementSettings,
  share,
  together,
  type Agreement,
} from '../support/engine-agreement.ts';
import { Resumable } from '../support/resumable.ts';

const [count = '200', which = 'all', maskless = count, seconds = 'Infinity'] =
  process.argv.slice(2);
const names = which === 'all' ? Object.keys(agreementSettings) : [which];
const threads = availableParallelism();
const results = new Resumable<Agreement>(`agreement-${builtVersion()}`, Number(seconds));
console.log(`results in ${results.file}`);

/** Few at a time of every space, so that all of them are about as far whenever it ends. */
const portion = 10;
const found = new Map<string, Agreement[]>();
for (let start = 0; start < Number(count); start += portion) {
  for (const name of names) {
    const setting = agreementSettings[name];
    for (const masks of [true, false]) {
      const most = Math.min(start + portion, Number(masks ? count : maskless));
      for (let index = start; index < most; index++) {
        const key = JSON.stringify([name, setting, threads, masks, index]);
        const one = await results.get(key, () => agreementOn(name, index, { masks, threads }));
        const all = `${name}, ${masks ? 'as it is' : 'without masks'}`;
        if (one) found.set(all, [...(found.get(all) ?? []), one]);
      }
    }
  }
}
for (const [name, networks] of found) {
  const all = together(networks);
  const [median, most, largest] = [0.5, 0.95, 1].map((part) => share(all, part).toExponential(1));
  console.log(
    `${name}: ${networks.length} networks, ${all.norms.length} norms; ` +
      `median ${median}, 95 % ${most}, largest ${largest}; losses ${all.loss.toExponential(1)}`,
  );
}
