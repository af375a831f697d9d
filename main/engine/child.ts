/** Entry of the scoring child: native code that blocks and may die, kept away from the window. */
import { constants, setPriority } from 'node:os';
import { serve } from '../child/serve.ts';
import { WorkbenchError } from '../errors.ts';
import type { BatchSet } from '../task/batches.ts';
import type { Statistics } from './engine.ts';
import { computeStatistics } from './onnxruntime/statistics.ts';
import { onnxruntimeVersion } from './onnxruntime/version.ts';
import type { ScoringBatch, ScoringRequest, ScoringSetup } from './protocol.ts';

let setup: ScoringSetup | null = null;
let received: ScoringBatch[] = [];

// With a window beside it the child steps back: it would take every processor and make the page stutter.
if ('electron' in process.versions) setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

serve({
  setup(next: ScoringSetup) {
    setup = next;
    received = [];
  },
  batch(batch: ScoringBatch) {
    received.push(batch);
  },
  async statistics({ graph, termCap }: ScoringRequest): Promise<Statistics> {
    if (!setup) {
      throw new WorkbenchError('no-batches', 'No batches were given.', 'Give batches first.');
    }
    const start = performance.now();
    const { threads, memoryBytes } = setup;
    // The parent sends batches of the task it named.
    const batches = { ...setup.batches, batches: received } as BatchSet;
    const computed = await computeStatistics(graph, batches, termCap, threads, memoryBytes);
    return {
      ...computed,
      termCap,
      batches: batches.batches.length,
      batchSize: batches.batchSize,
      engine: { name: 'onnxruntime', version: onnxruntimeVersion, threads },
      seconds: (performance.now() - start) / 1000,
      // maxRSS is in KiB on every platform (libuv).
      peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
    };
  },
});
