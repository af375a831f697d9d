/** Before the first phone test: adbd is there, so that no test's time limit has to hold its build. */
import { ensureAdbd } from './adbd.ts';

export async function setup(): Promise<void> {
  await ensureAdbd((line) => {
    console.log(line);
  });
}
