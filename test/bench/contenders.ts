/** What of ours is held against PyTorch: onnxruntime, and onednn in its precisions, as far as they are there. */
import path from 'node:path';
import { nodeProcesses } from '../../main/child/node-process.ts';
import type { Precision } from '../../main/common/engines.ts';
import type { Engine } from '../../main/engine/engine.ts';
import { builtVersion } from '../../main/engine/onednn/addon.ts';
import { OneDnnEngine } from '../../main/engine/onednn/engine.ts';
import { bf16Obstacle } from '../../main/engine/onednn/processor.ts';
import { OnnxRuntimeEngine } from '../../main/engine/onnxruntime/engine.ts';
import type { Graph } from '../../main/graph/graph.ts';
import type { BatchSet } from '../../main/task/batches.ts';
import type { Peer, PeerRun } from './peer.ts';

export type ContenderName = 'onnxruntime' | Precision;

export interface Contender {
  readonly name: ContenderName;
  readonly engine: Engine;
  readonly runs: PeerRun[];
}

export const entry = path.join(import.meta.dirname, '../../main/engine/child.ts');

/** @param asked names with commas between them; absent: everything that can be had here */
export function contendersFor(threads: number, asked?: string): readonly Contender[] {
  const limits = { timeoutMs: 600_000, memoryBytes: 2 ** 36 };
  const options = { processes: nodeProcesses, entry, threads, limits };
  const built = builtVersion() !== null;
  if (!built) console.log('onednn was not built (npm run build:native): onnxruntime alone');
  const native: readonly Precision[] = built ? ['float32', 'float32-winograd'] : [];
  const bf16 = built && bf16Obstacle() === null ? (['bf16'] as const) : [];
  const here: readonly ContenderName[] = ['onnxruntime', ...native, ...bf16];
  const wanted = asked?.split(',') ?? here;
  return here
    .filter((name) => wanted.includes(name))
    .map((name) => {
      if (name === 'onnxruntime') return { name, engine: new OnnxRuntimeEngine(options), runs: [] };
      const version = builtVersion(name) ?? '';
      const engine = new OneDnnEngine({ ...options, version, precision: name, otherwise: null });
      return { name, engine, runs: [] };
    });
}

export interface Comparison {
  readonly peer: Peer;
  readonly script: string;
  readonly args: readonly (string | number)[];
  readonly batches: BatchSet;
  readonly network: (seed: number) => Graph;
  readonly pairs: number;
}

/** Both sides take turns; the contenders are closed at the end. */
export async function comparePairs(
  contenders: readonly Contender[],
  of: Comparison,
): Promise<void> {
  const { peer, script, args, batches, network, pairs } = of;
  for (const { engine } of contenders) await engine.useBatches(batches);
  for (let pair = 1; pair <= pairs; pair++) {
    await peer.measure(script, args);
    for (const { engine, runs } of contenders) {
      // A warm-up right before the timed one, as PyTorch has it: what rested for a while is slower.
      await engine.statistics({ graph: network(0), termCap: 100 });
      const { seconds, peakMemoryBytes } = await engine.statistics({
        graph: network(pair),
        termCap: 100,
      });
      runs.push({ seconds, peakMiB: peakMemoryBytes / 2 ** 20 });
    }
  }
  for (const { engine } of contenders) await engine.close();
}
