/**
 * How the onednn engine's block of memory grows, as a program: prints what is reported of a small network, of a larger
 * one, and of that once more.
 */
import { computeNativeStatistics } from '../../main/engine/onednn/statistics.ts';
import { batchSize, chain, size } from './native-chain.ts';
import { randomBatches } from './random-batches.ts';

export type Growth = Awaited<ReturnType<typeof score>>;

async function score(layers: number) {
  const batches = randomBatches({ batchSize, inputShape: [3, size, size] });
  const found = await computeNativeStatistics(chain(layers), batches, 100, 1);
  const { arenaBytes, freshBytes } = found.native;
  return { arenaBytes, freshBytes, layers: found.layers };
}

const reports: Growth[] = [];
for (const layers of [3, 12, 12]) reports.push(await score(layers));
console.log(JSON.stringify(reports));
