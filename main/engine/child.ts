/** Entry of the scoring child: native code that blocks and may crash, kept away from the window. */
import { constants, setPriority } from 'node:os';
import { serve } from '../child/serve.ts';
import { WorkbenchError } from '../errors.ts';
import type { Graph } from '../graph/graph.ts';
import type { BatchSet } from '../task/batches.ts';
import { resizedBatches } from '../task/resized-batches.ts';
import type { ProxyRequest, ProxyResult, Statistics } from './engine.ts';
import { engineKinds } from './engines.ts';
import { versionFor } from './revision.ts';
import { ReceivedBatches } from './batch-parts.ts';
import type { BatchHead, CheckRequest, ScoringRequest, ScoringSetup } from './protocol.ts';

let setup: ScoringSetup | null = null;
const received = new ReceivedBatches();

// With a window the child lowers its priority: it would use every processor and make the page stutter.
if ('electron' in process.versions) setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

serve({
  setup(next: ScoringSetup) {
    setup = next;
    received.clear();
  },
  batch(head: BatchHead) {
    received.begin(head);
  },
  images(values: Float32Array) {
    received.add(values);
  },
  async check({ engine, networks, batches, precision }: CheckRequest): Promise<void> {
    const { check } = await engineKinds[engine].computing();
    const set = { ...batches, batches: [] } as BatchSet;
    if (set.severalSizes)
      for (const one of networks) check?.([one], asTakenBy(one, set), precision);
    else check?.(networks, set, precision);
  },
  async proxies({ graph, proxies: names }: ProxyRequest): Promise<ProxyResult> {
    const { engine, memoryBytes, batches } = ready(graph);
    const start = performance.now();
    const { proxies } = await engineKinds[engine.name].computing();
    const readings = await proxies(graph, batches, names, engine, memoryBytes);
    return {
      readings,
      engine: { ...engine, version: versionFor(engine.version, batches) },
      ...costSince(start),
    };
  },
  async statistics({ graph, termCap }: ScoringRequest): Promise<Statistics> {
    const { engine, memoryBytes, batches } = ready(graph);
    const start = performance.now();
    const { compute } = await engineKinds[engine.name].computing();
    const computed = await compute(graph, batches, termCap, engine, memoryBytes);
    return {
      layers: computed.layers,
      losses: computed.losses,
      termCap,
      batches: batches.batches.length,
      batchSize: batches.batchSize,
      engine: { ...engine, version: versionFor(engine.version, batches) },
      ...costSince(start),
    };
  },
});

function ready(graph: Graph) {
  if (!setup) {
    throw new WorkbenchError('no-batches', 'No batches were given.', 'Give batches first.');
  }
  // The parent sends batches of the task it named.
  const batches = { ...setup.batches, batches: received.batches } as BatchSet;
  return { ...setup, batches: batches.severalSizes ? asTakenBy(graph, batches) : batches };
}

/** The images at the size that the network takes. */
function asTakenBy({ inputs }: Graph, batches: BatchSet): BatchSet {
  const [, , height, width] = inputs[0]?.shape ?? [];
  const [, ownHeight, ownWidth] = batches.inputShape;
  if (!height || !width || (height === ownHeight && width === ownWidth)) return batches;
  return resizedBatches(batches, [height, width]);
}

function costSince(start: number) {
  return {
    seconds: (performance.now() - start) / 1000,
    // maxRSS is in KiB on every platform (libuv).
    peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
  };
}
