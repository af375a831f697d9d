import type { Load } from '../../preload/contract.ts';
import { isOurChild } from '../child/process.ts';

/** What Electron reports about a process; percentages are of all processors together, memory is in KiB. */
export interface ProcessMetric {
  readonly type: string;
  readonly name?: string;
  readonly cpu: { readonly percentCPUUsage: number };
  readonly memory: { readonly workingSetSize: number };
}

/** Sums up what Electron reports about the app's processes; its percentages are of all processors together. */
export function loadOf(metrics: readonly ProcessMetric[]): Load {
  const children = metrics.filter(({ type, name }) => type === 'Utility' && isOurChild(name ?? ''));
  const percent = children.reduce((sum, { cpu }) => sum + cpu.percentCPUUsage, 0);
  return {
    share: Math.max(0, Math.min(1, percent / 100)),
    bytes: children.reduce((sum, { memory }) => sum + memory.workingSetSize * 1024, 0),
    processes: children.length,
  };
}
