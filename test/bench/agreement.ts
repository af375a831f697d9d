/**
 * `npm run bench -- agreement [COUNT] [SPACE|all] [MASKLESS] [LASTBITS] [SECONDS]`: how far the gradient
 * norms of both engines agree over COUNT random networks of every built-in space, over the first MASKLESS of
 * them without Relus and max pools; and, over the first LASTBITS, how far those of onednn move with the last
 * bits of the images. Computes a long time: results are kept in dist/bench, SECONDS ends it, and the same
 * command goes on. Of a space that is not finished the networks so far are summed up.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { allocatorEnvironment } from '../../main/child/process.ts';
import { builtVersion } from '../../main/engine/onednn/addon.ts';
import { scoringVersion } from '../../main/engine/onnxruntime/version.ts';
import {
  agreementOn,
  agreementSettings,
  share,
  together,
  type Agreement,
  type Comparison,
} from '../support/engine-agreement.ts';
import { Resumable } from '../support/resumable.ts';

const [count = '200', which = 'all', maskless = count, lastBits = '50'] = process.argv.slice(2);
const [seconds = 'Infinity', part, parts] = process.argv.slice(6);
const names = which === 'all' ? Object.keys(agreementSettings) : [which];

/** Few at a time of every space, so that all of them are about as far whenever it ends. */
const portion = 10;

const counts: Readonly<Record<Comparison, number>> = {
  engines: Number(count),
  maskless: Number(maskless),
  'last-bits': Number(lastBits),
};

interface Compared {
  readonly name: string;
  readonly comparison: Comparison;
  readonly index: number;
}

function* everything(): Generator<Compared> {
  for (let start = 0; start < Number(count); start += portion) {
    for (const name of names) {
      for (const comparison of ['engines', 'maskless', 'last-bits'] as const) {
        const most = Math.min(start + portion, counts[comparison]);
        for (let index = start; index < most; index++) yield { name, comparison, index };
      }
    }
  }
}

const keyOf = ({ name, comparison, index }: Compared): string => {
  const { images, batchSize, masklessBatchSize } = agreementSettings[name]!;
  const size = comparison === 'maskless' ? masklessBatchSize : batchSize;
  return JSON.stringify([name, images, size, comparison, index]);
};

const version = `${builtVersion()}-${scoringVersion}`;
const results = (limit: number) => new Resumable<Agreement>(`agreement-${version}`, limit);

/** One thread each: two processes get through more networks than two threads of one. */
async function computePart(): Promise<void> {
  const known = results(Number(seconds));
  for (const one of everything()) {
    const { name, index, comparison } = one;
    if (index % Number(parts) !== Number(part)) continue;
    await known.get(keyOf(one), () => agreementOn(name, index, { comparison }));
  }
}

async function computeAll(): Promise<void> {
  const processes = availableParallelism();
  const children = Array.from({ length: processes }, (_, i) => {
    const words = [count, which, maskless, lastBits, seconds, String(i), String(processes)];
    return fork(import.meta.filename, words, {
      env: { ...process.env, ...allocatorEnvironment },
    });
  });
  const codes = await Promise.all(children.map((child) => once(child, 'exit')));
  if (codes.some(([code]) => code !== 0)) process.exitCode = 1;
}

async function summarise(): Promise<void> {
  const known = results(0);
  console.log(`results in ${known.file}`);
  const found = new Map<string, Agreement[]>();
  for (const one of everything()) {
    const result = await known.get(keyOf(one), () => Promise.reject(new Error('not computed')));
    const all = `${one.name}, ${one.comparison}`;
    if (result) found.set(all, [...(found.get(all) ?? []), result]);
  }
  for (const [name, networks] of found) {
    const all = together(networks);
    const [median, most, largest] = [0.5, 0.95, 1].map((p) => share(all, p).toExponential(1));
    console.log(
      `${name}: ${networks.length} networks, ${all.norms.length} norms; ` +
        `median ${median}, 95 % ${most}, largest ${largest}; losses ${all.loss.toExponential(1)}`,
    );
  }
}

if (part === undefined) {
  await computeAll();
  await summarise();
} else {
  await computePart();
}
