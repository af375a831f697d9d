/**
 * node test/reliability/farm-kills.ts [candidates] [kills of each worker] [of the Redis] [of the search] [seed]
 *
 * The figure of docs/farm.md: three workers, the Redis and the search are killed at random; the run has to hold what
 * one computer stores.
 */
import { farmKills } from '../support/farm-kills.ts';

const [candidates = 400, worker = 30, redis = 5, search = 5, seed = 1] = process.argv
  .slice(2)
  .map(Number);
const say = (line: string) => void process.stderr.write(`${line}\n`);
const outcome = await farmKills({
  candidates,
  workers: 3,
  kills: { worker, redis, search },
  seed,
  say,
});
console.log(JSON.stringify(outcome, null, 2));
process.exitCode = outcome.differences.length === 0 ? 0 : 1;
