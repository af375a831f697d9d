/** `npm run fit:s10`: fits `predicted-s10-gpu`, prints its errors and writes its coefficients. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { format } from 'prettier';
import { family, fitModel, leaveOut, tenFolds, type Errors } from './s10-fit.ts';
import { readS10Measurements } from './s10-measurements.ts';

const file = path.join(import.meta.dirname, '../../main/latency/predicted/s10-gpu.json');
const networks = readS10Measurements();
const line = (what: string, { medianPercent, p90Percent, spearman }: Errors): string =>
  `${what}: median ${medianPercent.toFixed(2)} %, 90th percentile ${p90Percent.toFixed(2)} %, Spearman ${spearman.toFixed(4)}`;

const folds = leaveOut(networks, tenFolds(networks));
console.log(
  `${networks.length} networks, ${networks.flatMap((n) => n.operations).length} operations`,
);
console.log(line('10-fold, networks left out', folds));
console.log(line('whole families left out', leaveOut(networks, family)));

/** Six digits: far finer than what is known. */
const round = (_: string, value: unknown): unknown =>
  typeof value === 'number' ? Number(value.toPrecision(6)) : value;
const error = { medianPercent: folds.medianPercent, p90Percent: folds.p90Percent };
const text = JSON.stringify({ ...fitModel(networks), error }, round, 2);
writeFileSync(file, await format(text, { parser: 'json', printWidth: 100 }));
console.log(`written: ${path.relative(process.cwd(), file)}`);
