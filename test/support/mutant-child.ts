/** Scores one model file, and reports how it ended and which files were opened; runs as a supervised child. */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { serve } from '../../main/child/serve.ts';
import { reportOf } from '../../main/errors.ts';

let opened: string[] = [];
const openSync = fs.openSync;
fs.openSync = (file, ...rest) => {
  opened.push(String(file));
  return openSync(file, ...rest);
};
syncBuiltinESMExports();

// Loaded after the change above, so that it takes effect there.
const { readModelFile } = await import('../../main/score-model/model-file.ts');
const { computeStatistics } = await import('../../main/engine/onnxruntime/statistics.ts');
const { randomBatches } = await import('./random-batches.ts');

serve({
  async score({ file, memoryBytes }: { file: string; memoryBytes: number }) {
    opened = [];
    try {
      const graph = await readModelFile(file, { batchSize: 2, image: [3, 24, 24] });
      const [, , height = 24] = graph.inputs[0]?.shape ?? [];
      const side = Math.min(height ?? 24, 64);
      const batches = randomBatches({ batchSize: 2, classes: 5, inputShape: [3, side, side] });
      await computeStatistics(graph, batches, 100, 1, memoryBytes);
      return { code: 'scored', message: '', opened };
    } catch (error) {
      const { code, message } = reportOf(error);
      return { code, message, opened };
    }
  },
});
