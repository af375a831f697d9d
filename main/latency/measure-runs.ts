/** Times single runs of a network on onnxruntime. Blocks: runs in the latency child. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Tensor, type InferenceSession } from 'onnxruntime-node';
import { createSession } from '../engine/onnxruntime/session.ts';
import type { Graph } from '../graph/graph.ts';
import { inferShapes } from '../graph/infer-shapes.ts';
import { writeDeployableOnnx } from '../graph/onnx/write.ts';
import { generatorFor } from '../random.ts';
import { elements } from '../graph/shape.ts';
import { loadBetween, readLoad } from './load.ts';
import type { RepeatRequest, TimedRuns } from './protocol.ts';

const imagesAtOnce = 1;

interface Loaded {
  readonly measurement: number;
  readonly session: InferenceSession;
  readonly feeds: Record<string, Tensor>;
}

/** The network that is being measured, kept between its repeats. */
let loaded: Loaded | null = null;

/**
 * One repeat: a pause, during which the computer is observed, the warm-up, and the timed runs. A child that was
 * restarted meanwhile loads the network again.
 */
export async function measureRepeat(request: RepeatRequest): Promise<TimedRuns> {
  const { measurement, graph, threads, warmUp, runs, pauseMs } = request;
  if (loaded?.measurement !== measurement) {
    await release();
    loaded = { measurement, ...(await load(graph, threads)) };
  }
  const { session, feeds } = loaded;
  const before = readLoad();
  await sleep(pauseMs);
  for (let run = 0; run < warmUp; run++) await session.run(feeds);
  const timed = readLoad();
  const runsMs: number[] = [];
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    await session.run(feeds);
    runsMs.push(performance.now() - start);
  }
  const after = readLoad();
  // The system counts in hundredths of a second, so a short repeat has to be taken together with its pause.
  const { otherCores, stolenShare } = loadBetween(before, after);
  return {
    runsMs,
    load: { otherCores, stolenShare, waitedShare: loadBetween(timed, after).waitedShare },
  };
}

/** Releases the memory of the network, which is no longer needed. */
export async function release(): Promise<void> {
  const ended = loaded;
  loaded = null;
  await ended?.session.release();
}

async function load(graph: Graph, threads: number): Promise<Omit<Loaded, 'measurement'>> {
  const session = await createSession(writeDeployableOnnx(graph, imagesAtOnce, ''), threads);
  const input = graph.inputs[0]!;
  const shape = inferShapes(graph, 2).get(input.name) ?? [];
  const image = [imagesAtOnce, ...shape.slice(1)];
  // Values do not affect the time of a convolution, except that zeros and denormals might.
  const random = generatorFor('latency-input');
  const data = Float32Array.from({ length: elements(image) }, () => random.next() / 0x8000_0000);
  return { session, feeds: { [input.name]: new Tensor('float32', data, image) } };
}
