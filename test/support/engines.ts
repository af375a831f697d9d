/** Engines over real children, as the command line runs them. */
import path from 'node:path';
import { nodeProcesses } from '../../main/child/node-process.ts';
import type { ChildLimits } from '../../main/child/supervised-child.ts';
import { OnnxRuntimeEngine } from '../../main/engine/onnxruntime/engine.ts';

const main = path.join(import.meta.dirname, '../../main');

export const engineEntry = path.join(main, 'engine/child.ts');
export const latencyEntry = path.join(main, 'latency/child.ts');

/** Far beyond what any test needs: these limits only stop a hanging test. */
export const generousLimits: ChildLimits = { timeoutMs: 60_000, memoryBytes: 4 * 2 ** 30 };

export function openEngine(threads: number, limits = generousLimits): OnnxRuntimeEngine {
  return new OnnxRuntimeEngine({ processes: nodeProcesses, entry: engineEntry, threads, limits });
}

/** Where a workbench run from source finds its children and the shipped files. */
export const workbenchPlaces = {
  entries: {
    engine: engineEntry,
    latency: latencyEntry,
    data: path.join(main, 'task/child.ts'),
    adb: path.join(main, 'phone/adb/child.ts'),
  },
  assetsFolder: path.join(main, 'assets'),
};
