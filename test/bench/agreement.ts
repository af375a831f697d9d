/**
 * `npm run bench -- agreement [COUNT] [SPACE|all] [MASKLESS] [SECONDS]`: how far the gradient norms of both
 * engines agree over COUNT random networks of every built-in space, and over the first MASKLESS of them
 * without Relus and max pools. Computes a long time: results are kept in dist/bench, SECONDS ends it, and
 * the same command goes on. Of a space that is not finished the networks so far are summed up.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { allocatorEnvironment } from '../../main/child/process.ts';
import { builtVersion } from '../../main/engine/onednn/addon.ts';
import {
  agreementOn,
  agreementSettings,
  share,
  together,
  type Agreement,
} from '../support/engine-agreement.ts';
import { Resumable } from '../support/resumable.ts';

const [count = '200', which = 'all', maskless = count, seconds = 'Infinity', part, parts] =
  process.argv.slice(2);
const names = which === 'all' ? Object.keys(agreementSettings) : [which];

/** Few at a time of every space, so that all of them are about as far whenever it ends. */
const portion = 10;

interface Comparison {
  readonly name: string;
  readonly masks: boolean;
  readonly index: number;
}

function* comparisons(): Generator<Comparison> {
  for (let start = 0; start < Number(count); start += portion) {
    for (const name of names) {
      for (const masks of [true, false]) {
        const most = Math.min(start + portion, Number(masks ? count : maskless));
        for (let index = start; index < most; index++) yield { name, masks, index };
      }
    }
  }
}

const keyOf = ({ name, masks, index }: Comparison): string => {
  const { images, batchSize, masklessBatchSize } = agreementSettings[name];
  return JSON.stringify([name, images, masks ? batchSize : masklessBatchSize, masks, index]);
};

const results = (limit: number) => new Resumable<Agreement>(`agreement-${builtVersion()}`, limit);

/** One thread each: two processes get through more networks than two threads of one. */
async function computePart(): Promise<void> {
  const known = results(Number(seconds));
  for (const one of comparisons()) {
    if (one.index % Number(parts) !== Number(part)) continue;
    await known.get(keyOf(one), () => agreementOn(one.name, one.index, { masks: one.masks }));
  }
}

async function computeAll(): Promise<void> {
  const processes = availableParallelism();
  const children = Array.from({ length: processes }, (_, i) => {
    const words = [count, which, maskless, seconds, String(i), String(processes)];
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
  for (const one of comparisons()) {
    const result = await known.get(keyOf(one), () => Promise.reject(new Error('not computed')));
    const all = `${one.name}, ${one.masks ? 'as it is' : 'without masks'}`;
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
