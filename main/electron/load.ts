import { childName } from '../child/process.ts';

/** How busy the children are that score, measure and decode. */
export interface Load {
  /** Share of all processors since the last look, 0 to 1. */
  readonly share: number;
  /** Resident memory of all of them. */
  readonly bytes: number;
  readonly processes: number;
}

/** What Electron reports about a process; percentages are of all processors together, memory is in KiB. */
export interface ProcessMetric {
  readonly type: string;
  readonly name?: string;
  readonly cpu: { readonly percentCPUUsage: number };
  readonly memory: { readonly workingSetSize: number };
}

/** Only our children: Chromium has its own utility processes, for sound and the network. */
const ours = new Set(['scoring', 'latency', 'data', 'preview', 'export', 'reading'].map(childName));

/** Sums up what Electron reports about the app's processes; its percentages are of all processors together. */
export function loadOf(metrics: readonly ProcessMetric[]): Load {
  const children = metrics.filter(({ type, name }) => type === 'Utility' && ours.has(name ?? ''));
  const percent = children.reduce((sum, { cpu }) => sum + cpu.percentCPUUsage, 0);
  return {
    share: Math.max(0, Math.min(1, percent / 100)),
    bytes: children.reduce((sum, { memory }) => sum + memory.workingSetSize * 1024, 0),
    processes: children.length,
  };
}
