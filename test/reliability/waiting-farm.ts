/** node test/reliability/waiting-farm.ts [milliseconds of a job] [workers] [candidates]: the figure of docs/farm.md. */
import { waitingFarm } from '../support/waiting-farm.ts';

const [jobMs = 3000, workers = 200, candidates = 4000] = process.argv.slice(2).map(Number);
const asked = { workers, processes: 4, inFlight: 256, jobMs, candidates };
console.log(JSON.stringify({ ...asked, ...(await waitingFarm(asked)) }, null, 2));
