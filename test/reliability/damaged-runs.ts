/**
 * `node test/reliability/damaged-runs.ts [COUNT] [FROM]`: damages COUNT runs (2,000), opens each as the window's
 * list, analyse, export and a resumed search do, and says what came of it. The same numbers damage alike.
 */
import { tryDamagedRuns } from '../support/damaged-runs.ts';

const [count = 2000, from = 0] = process.argv.slice(2).map(Number);
const trials = await tryDamagedRuns(count, from, (done) => console.error(`${done} of ${count}`));
console.log(JSON.stringify(trials, null, 2));
if (trials.faults.length > 0) process.exitCode = 1;
