/**
 * `xvfb-run -a node test/e2e/run-soak.ts [CANDIDATES]`: one search of CANDIDATES (20,000) with the window open on
 * it, and what became of memory and rate. Needs `npm run build`.
 */
import { soak } from './soak.ts';

const [candidates = 20_000] = process.argv.slice(2).map(Number);
const result = await soak(candidates, ({ ms, evaluated, mebibytes }) =>
  console.error(Math.round(ms / 1000), evaluated, JSON.stringify(mebibytes)),
);
console.log(JSON.stringify(result, null, 2));
if (Math.max(result.growth.main, result.growth.scoring) > 1.1) process.exitCode = 1;
if (result.perMinute.last < 0.9 * result.perMinute.first) process.exitCode = 1;
