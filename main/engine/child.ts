/** Entry of the scoring child: native code that blocks and may die, kept away from the window. */
import { serve } from '../child/serve.ts';
import { WorkbenchError } from '../errors.ts';
import type { Statistics } from './engine.ts';
import { computeStatistics } from './onnxruntime/statistics.ts';
import { onnxruntimeVersion } from './onnxruntime/version.ts';
import type { ScoringRequest, ScoringSetup } from './protocol.ts';

let setup: ScoringSetup | null = null;

serve({
  setup(next: ScoringSetup) {
    setup = next;
  },
  async statistics({ graph, termCap }: ScoringRequest): Promise<Statistics> {
    if (!setup) {
      throw new WorkbenchError('no-batches', 'No batches were given.', 'Give batches first.');
    }
    const start = performance.now();
    const { batches, threads } = setup;
    const computed = await computeStatistics(graph, batches, termCap, threads);
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
