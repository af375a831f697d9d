/** `scoreModel` in this process, by either engine. */
import { computeNativeStatistics } from '../../main/engine/onednn/statistics.ts';
import { computeStatistics } from '../../main/engine/onnxruntime/statistics.ts';
import type { Statistics } from '../../main/engine/engine.ts';
import {
  scoreModel,
  type ModelScore,
  type ScoreModelRequest,
} from '../../main/score-model/score-model.ts';
import type { BatchSet } from '../../main/task/batches.ts';
import { openDataset } from '../../main/task/open-dataset.ts';

const engines = {
  onnxruntime: computeStatistics,
  onednn: (graph: Parameters<typeof computeStatistics>[0], batches: BatchSet, termCap: number) =>
    computeNativeStatistics(graph, batches, termCap, 1, false, 'float32'),
};

export type EngineUnderTest = keyof typeof engines;

export async function scoreFile(
  engine: EngineUnderTest,
  request: Omit<ScoreModelRequest, 'weights' | 'termCap' | 'bias'>,
): Promise<ModelScore> {
  let batches: BatchSet;
  const bias = { biasSize: 'scoring', biasLayers: 'all' } as const;
  return scoreModel(
    { ...request, weights: 'file', termCap: 1000, bias },
    {
      openData: (choice) =>
        openDataset({ path: choice.data!, ...(choice.task && { task: choice.task }) }),
      engine: {
        identity: { name: engine } as Statistics['engine'],
        useBatches: async (set) => void (batches = set),
        statistics: async ({ graph, termCap }) => ({
          ...(await engines[engine](graph, batches, termCap, 1)),
          termCap,
          batches: batches.batches.length,
          batchSize: batches.batchSize,
          engine: { name: engine } as Statistics['engine'],
          seconds: 0,
          peakMemoryBytes: 0,
        }),
        proxies: () => Promise.reject(new Error('nobody asks for other scores here')),
        close: () => Promise.resolve(),
      },
    },
  );
}
