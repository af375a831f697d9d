/**
 * `node test/reliability/killed-searches.ts [COUNT] [FROM]`: starts COUNT searches (300), kills each at random
 * moments and says what came of them. Needs `npm run build`. The same numbers kill alike, as far as time allows.
 */
import path from 'node:path';
import { builtVersion } from '../../main/engine/onednn/addon.ts';
import { tryKilledSearches, type Layout } from '../support/killed-searches.ts';

const [count = 300, from = 0] = process.argv.slice(2).map(Number);
const engines = builtVersion() === null ? ['onnxruntime'] : ['onednn', 'onnxruntime'];
const layouts = engines.flatMap((engine) =>
  [1, 2].map((workers) => ({ engine, workers }) as Layout),
);
const trials = await tryKilledSearches({
  ...{ count, from, layouts, candidates: 30 },
  cli: path.join(import.meta.dirname, '../../dist/main/cli.js'),
  told: (done) => console.error(`${done} of ${count}`),
});
console.log(JSON.stringify(trials, null, 2));
if (trials.faults.length > 0) process.exitCode = 1;
