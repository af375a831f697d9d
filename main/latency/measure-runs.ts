/** Times single runs of a network on onnxruntime or TensorFlow Lite. Blocks: runs in the latency child. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Tensor, type InferenceSession } from 'onnxruntime-node';
import { createSession, refused } from '../engine/onnxruntime/session.ts';
import type { StoredInput, StoredModel, StoredType } from '../graph/onnx/stored-form.ts';
import { inferShapes } from '../graph/infer-shapes.ts';
import { generatorFor } from '../random.ts';
import { elements } from '../graph/shape.ts';
import { timedFile } from '../tflite/timed-file.ts';
import { loadTflite } from './tflite/timed.ts';
import { loadBetween, readLoad } from './load.ts';
import { PacedRuns, paceMs } from './pace.ts';
import type { RepeatRequest, TimedModel, TimedRuns } from './protocol.ts';

const imagesAtOnce = 1;

// Where JavaScript has it, onnxruntime's front takes nothing else for halves, but its binding (1.30) does not know it.
// This process does nothing but measure.
Reflect.deleteProperty(globalThis, 'Float16Array');

interface Loaded {
  readonly measurement: number;
  run(): Promise<unknown>;
  release(): Promise<void>;
}

/** The network that is being measured, kept between its repeats. */
let loaded: Loaded | null = null;

/**
 * One repeat: a pause, during which the computer is observed, the warm-up, and the timed runs. A child that was
 * restarted meanwhile loads the network again.
 */
export async function measureRepeat(request: RepeatRequest): Promise<TimedRuns> {
  const { measurement, model, threads, warmUp, runs, pauseMs, bestPaceMs } = request;
  if (loaded?.measurement !== measurement) {
    await release();
    loaded = { measurement, ...(await load(model, threads)) };
  }
  const network = loaded;
  const before = readLoad();
  await sleep(pauseMs);
  for (let run = 0; run < warmUp; run++) await network.run();
  const timed = readLoad();
  const paced = new PacedRuns(runs, bestPaceMs ?? Infinity, paceMs());
  while (!paced.done) {
    const start = performance.now();
    await network.run();
    paced.add(performance.now() - start, paceMs());
  }
  const after = readLoad();
  // The system counts in hundredths of a second, so a short repeat has to be taken together with its pause.
  const { otherCores, stolenShare } = loadBetween(before, after);
  return {
    runsMs: paced.runsMs,
    load: {
      ...{ otherCores, stolenShare, waitedShare: loadBetween(timed, after).waitedShare },
      paceMs: paced.paceMs,
      disturbedRuns: paced.disturbed,
    },
    bestPaceMs: paced.bestSeenMs,
  };
}

function notRun(cause: unknown): never {
  throw refused(cause);
}

/** Releases the memory of the network, which is no longer needed. */
export async function release(): Promise<void> {
  const ended = loaded;
  loaded = null;
  await ended?.release();
}

async function load(model: TimedModel, threads: number): Promise<Omit<Loaded, 'measurement'>> {
  if ('stored' in model) return await loadStored(model.stored, threads);
  const { graph, precision, runner } = model;
  if (runner === 'tflite-cpu') {
    const network = loadTflite(graph, precision, threads);
    return {
      run: () => Promise.resolve(network.run()),
      release: () => Promise.resolve(network.release()),
    };
  }
  const session = await createSession(timedFile(graph, 'onnx', precision), threads);
  const input = graph.inputs[0]!;
  const shape = inferShapes(graph, 2).get(input.name) ?? [];
  const image = [imagesAtOnce, ...shape.slice(1)];
  // Values do not affect the time of a convolution, except that zeros and denormals might.
  const random = generatorFor('latency-input');
  const data = Float32Array.from({ length: elements(image) }, () => random.next() / 0x8000_0000);
  return onOnnxruntime(session, { [input.name]: new Tensor('float32', data, image) });
}

function onOnnxruntime(session: InferenceSession, feeds: Record<string, Tensor>) {
  return {
    run: () => session.run(feeds).catch(notRun),
    release: () => session.release(),
  };
}

async function loadStored(
  { bytes, inputs }: Pick<StoredModel, 'bytes' | 'inputs'>,
  threads: number,
): Promise<Omit<Loaded, 'measurement'>> {
  const session = await createSession(bytes, threads);
  return onOnnxruntime(
    session,
    Object.fromEntries(inputs.map((input) => [input.name, fed(input)])),
  );
}

/** Pictures of random values, and ones for everything else, which is likely to be a factor or a size. */
function fed({ name, type, shape }: StoredInput): Tensor {
  const random = generatorFor('latency-input', name);
  const picture = shape.length === 4;
  const value = () => (picture ? Math.abs(random.next()) / 0x8000_0000 : 1);
  const length = elements(shape);
  return new Tensor(type as 'float32', numbersOf[type](length, value) as Float32Array, shape);
}

/** Pictures of bytes have values from 0 to 255. */
const byte = (value: number) => Math.floor(value * 255);
const numbersOf: Readonly<Record<StoredType, (length: number, value: () => number) => unknown>> = {
  float32: (length, value) => Float32Array.from({ length }, value),
  float64: (length, value) => Float64Array.from({ length }, value),
  // Halves by their bits: one, or a number between 1/2 and 1.
  float16: (length, value) =>
    Uint16Array.from({ length }, () => {
      const drawn = value();
      return drawn === 1 ? 0x3c00 : 0x3800 + Math.floor(drawn * 0x400);
    }),
  int64: (length) => new BigInt64Array(length).fill(1n),
  int32: (length) => new Int32Array(length).fill(1),
  int8: (length, value) => Int8Array.from({ length }, () => byte(value() / 2)),
  uint8: (length, value) => Uint8Array.from({ length }, () => byte(value())),
  bool: (length) => new Uint8Array(length).fill(1),
};
