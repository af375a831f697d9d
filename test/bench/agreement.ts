/**
 * `npm run bench -- agreement [COUNT] [SPACE]`: how far the gradient norms of both engines agree over random
 * networks of every built-in space, with their Relus and max pools, and without. Computes a long time.
 */
import { availableParallelism } from 'node:os';
import { agreement, agreementSizes, share } from '../support/engine-agreement.ts';

const count = Number(process.argv[2] ?? '200');
const names = process.argv[3] === undefined ? Object.keys(agreementSizes) : [process.argv[3]];
const threads = Number(process.argv[4] ?? availableParallelism());
for (const name of names) {
  for (const masks of [true, false]) {
    const start = performance.now();
    const found = await agreement(name, count, { masks, threads });
    const [median, most, all] = [0.5, 0.95, 1].map((part) => share(found, part).toExponential(1));
    const seconds = ((performance.now() - start) / 1000).toFixed(0);
    console.log(
      `${name}, ${masks ? 'as it is' : 'without masks'}: ${count} networks, ${found.norms.length} norms; ` +
        `median ${median}, 95 % ${most}, largest ${all}; losses ${found.loss.toExponential(1)}; ${seconds} s`,
    );
  }
}
