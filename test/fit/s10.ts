/** `npm run fit:s10`: fits the estimates of a Galaxy S10, prints their errors and writes their coefficients. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { format } from 'prettier';
import { isEstimate, latencyKinds } from '../../main/common/latency-sources.ts';
import {
  errorsOf,
  family,
  percentOff,
  predictByMacs,
  predictLeftOut,
  tenFolds,
  type Errors,
} from './leave-out.ts';
import { fitModel, fitOf, leastRelativeDeviations } from './s10-fit.ts';
import { readS10Measurements } from './s10-measurements.ts';
import { coverageOf } from './widening.ts';

const folder = path.join(import.meta.dirname, '../../main/latency/predicted');
/** Six digits: far finer than what is known. */
const round = (_: string, value: unknown): unknown =>
  typeof value === 'number' ? Number(value.toPrecision(6)) : value;
const line = (what: string, { medianPercent, p90Percent, spearman }: Errors): string =>
  `  ${what}: median ${medianPercent.toFixed(2)} %, 90th percentile ${p90Percent.toFixed(2)} %, Spearman ${spearman.toFixed(4)}`;

for (const kind of latencyKinds.filter(isEstimate)) {
  const networks = readS10Measurements(kind);
  const fit = fitOf(kind);
  console.log(`${kind}: ${networks.length} networks`);
  for (const [what, groupOf] of [
    ['left out by tens', tenFolds(networks)],
    ['left out by whole families', family],
  ] as const) {
    const predicted = predictLeftOut(networks, groupOf, fit);
    console.log(line(what, errorsOf(networks, predicted)));
    const byMacs = predictByMacs(networks, groupOf, leastRelativeDeviations);
    console.log(line(`  a straight line through MACs`, errorsOf(networks, byMacs)));
    const worst = percentOff(networks, predicted)
      .map((percent, n) => ({ name: networks[n]!.name, percent }))
      .sort((a, b) => Math.abs(b.percent) - Math.abs(a.percent))
      .slice(0, 5)
      .map(({ name, percent }) => `${name} ${percent > 0 ? '+' : ''}${percent.toFixed(0)} %`);
    console.log(`    worst: ${worst.join(', ')}`);
  }
  for (const { what, inside, outside } of coverageOf(networks, kind)) {
    const share = ({ covered, of }: { covered: number; of: number }) => `${covered} of ${of}`;
    console.log(
      `  the stated nine-in-ten error covers, left out by ${what}: inside ${share(inside)}, outside ${share(outside)}`,
    );
  }
  const file = path.join(folder, `${kind.replace('predicted-', '')}.json`);
  const text = JSON.stringify(fitModel(networks, kind), round, 2);
  writeFileSync(file, await format(text, { parser: 'json', printWidth: 100 }));
  console.log(`  written: ${path.relative(process.cwd(), file)}`);
}
