/**
 * Entry of the thread in which the code of a space runs. Whoever asks waits meanwhile, and ends the thread where no
 * answer comes: code of others may loop for ever.
 */
import { writeSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { workerData } from 'node:worker_threads';
import { generatorFor } from '../random.ts';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { countsOfGraph } from '../space/counts.ts';
import { NetworkBuilder } from './network-builder.ts';
import type { Graph } from '../graph/graph.ts';
import type { NetworkInput, Random, SpaceInCode } from './interface.ts';
import type { Answer, Call, Loaded, WorkerData } from './protocol.ts';

const { url, ready, port } = workerData as WorkerData;
let space: SpaceInCode;

// Standard output belongs to the command's own result, and a pipe to it would keep the program from ending.
process.stdout.write = (chunk: string | Uint8Array): boolean => {
  writeSync(2, typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
  return true;
};

/** Functions that a space may have. */
const functions = [
  'sample',
  'mutate',
  'crossover',
  'decode',
  'at',
  'neighbours',
  'values',
] as const;

async function load(): Promise<Loaded> {
  const module = (await import(/* @vite-ignore */ url)) as { readonly default?: unknown };
  const found = module.default;
  if (typeof found !== 'object' || found === null)
    throw new TypeError('it has no default export that is an object');
  space = found as SpaceInCode;
  const { name, title, task, classes, imageChannels, resolution, networks } = space;
  const genes: unknown = space.genes;
  const facts = { name, title, task, classes, imageChannels, resolution, networks, genes };
  return {
    // Whatever it is that the code exports, only data leaves the thread.
    facts: structuredClone(facts),
    functions: functions.filter((one) => typeof space[one] === 'function'),
  };
}

function randomOf(seed: number): Random {
  const generator = generatorFor('space in code', seed);
  const next = (): number => uniformInt(generator, 0, 2 ** 31 - 1) / 2 ** 31;
  const integer = (below: number): number => {
    if (!Number.isInteger(below) || below < 1)
      throw new RangeError(`there is no whole number from 0 to below ${below}`);
    return uniformInt(generator, 0, below - 1);
  };
  return { next, integer, pick: (list) => list[integer(list.length)]! };
}

function decoded({
  genotype,
  image,
  classes,
  purpose,
}: Extract<Call, { readonly purpose: unknown }>): Graph {
  const build = new NetworkBuilder();
  const [channels, height, width] = image;
  const images = build.image('input', [channels, height, width]);
  const input: NetworkInput = { images, channels, height, width, classes };
  const outputs = space.decode(genotype, build, input);
  const names: unknown = typeof outputs === 'string' ? [outputs] : outputs;
  if (
    !(names instanceof Array) ||
    names.length === 0 ||
    names.some((one) => typeof one !== 'string')
  )
    throw new TypeError('decode has to return the name of an output, or a list of such names');
  return build.build(`${space.name} ${genotype} ${purpose}`, names as string[]);
}

function answerTo(call: Exclude<Call, { what: 'load' }>): unknown {
  switch (call.what) {
    case 'sample':
      return space.sample(randomOf(call.seed));
    case 'mutate':
      return space.mutate(call.genotype, randomOf(call.seed));
    case 'crossover':
      return space.crossover(call.first, call.second, randomOf(call.seed));
    case 'at':
      return space.at!(call.index);
    case 'neighbours':
      return [...space.neighbours!(call.genotype)];
    case 'values':
      return [...space.values!(call.genotype)];
    case 'counts':
      return countsOfGraph(decoded(call));
    case 'decode': {
      const graph = decoded(call);
      // A network that changes from call to call would be scored, measured and exported as three different ones.
      return isDeepStrictEqual(graph, decoded(call)) ? graph : null;
    }
  }
}

function reply(answer: Answer): void {
  try {
    port.postMessage(answer);
  } catch {
    // A function, say, cannot leave the thread.
    port.postMessage({ ok: false, message: 'it returned what is no data', stack: '' });
  }
  Atomics.store(ready, 0, 1);
  Atomics.notify(ready, 0);
}

function failed(error: unknown): Answer {
  const message = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  return { ok: false, message, stack };
}

port.on('message', (call: Call) => {
  if (call.what === 'load') {
    load().then(
      (value) => reply({ ok: true, value }),
      (error: unknown) => reply(failed(error)),
    );
    return;
  }
  try {
    reply({ ok: true, value: answerTo(call) });
  } catch (error) {
    reply(failed(error));
  }
});
