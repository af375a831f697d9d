/**
 * What else a computer does while it measures: read from the system, cheaply enough to do so at every repeat.
 */
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import type { Known } from '../common/known.ts';

/** Totals since some fixed time; the difference of two readings says what happened in between. */
export interface LoadReading {
  readonly atMs: number;
  /** Of all processors together, whatever used them. */
  readonly busyMs: number;
  /** Of this process. */
  readonly ownMs: number;
  /** Time that the host of a virtual machine gave to others while this one wanted it; null where unknown. */
  readonly stolenMs: number | null;
  /** How long this process's main thread was ready to run without having a processor; null where unknown. */
  readonly waitedMs: number | null;
}

export interface ComputerLoad {
  /** Processors that other programs kept busy, such as 0.4. */
  readonly otherCores: number;
  /** Share of the time, of one processor. */
  readonly stolenShare: number | null;
  /** Share of the time in which the computing thread waited for a processor. */
  readonly waitedShare: number | null;
  /**
   * The time of a fixed amount of work (pace.ts), the slowest around the runs; absent in repeats that were stored
   * before it was looked at.
   */
  readonly paceMs?: number;
  /** Runs that were left out because the processor was slower around them; absent in older repeats. */
  readonly disturbedRuns?: number;
}

export function readLoad(): LoadReading {
  const { user, system } = process.cpuUsage();
  return {
    atMs: performance.now(),
    ...systemTotals(),
    ownMs: (user + system) / 1000,
    waitedMs: waitedMs(),
  };
}

/** Pure. Both readings are of one process. */
export function loadBetween(from: LoadReading, to: LoadReading): ComputerLoad {
  const ms = to.atMs - from.atMs;
  const share = (before: number | null, after: number | null): number | null =>
    before === null || after === null ? null : Math.max(after - before, 0) / ms;
  const others = to.busyMs - from.busyMs - (to.ownMs - from.ownMs);
  return {
    otherCores: Math.max(others, 0) / ms,
    stolenShare: share(from.stolenMs, to.stolenMs),
    waitedShare: share(from.waitedMs, to.waitedMs),
  };
}

/** Linux counts in hundredths of a second, whatever the kernel's own tick (USER_HZ). */
const tickMs = 10;

function systemTotals(): Pick<LoadReading, 'busyMs' | 'stolenMs'> {
  const [, ...ticks] =
    textOf('/proc/stat')?.split('\n', 1)[0]!.trim().split(/\s+/).map(Number) ?? [];
  if (ticks.length >= 8) {
    const [user, nice, system, , , interrupts, softInterrupts, stolen] = ticks as Known<number>;
    const busy = user + nice + system + interrupts + softInterrupts;
    return { busyMs: busy * tickMs, stolenMs: stolen * tickMs };
  }
  const times = cpus().map(({ times: { user, nice, sys, irq } }) => user + nice + sys + irq);
  return { busyMs: times.reduce((sum, ms) => sum + ms, 0), stolenMs: null };
}

/** Linux, in nanoseconds: time on a processor, time ready without one, turns. */
function waitedMs(): number | null {
  const waited = Number(textOf('/proc/self/schedstat')?.split(/\s+/)[1] ?? NaN);
  return Number.isFinite(waited) ? waited / 1e6 : null;
}

function textOf(file: string): string | null {
  if (process.platform !== 'linux') return null;
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null; // a kernel without it, or a sandbox
  }
}

/** Cores, as opposed to threads of cores: two threads of one core slow each other down. */
export function physicalCores(): number {
  const all = cpus().length;
  const groups = Array.from({ length: all }, (_, core) =>
    textOf(`/sys/devices/system/cpu/cpu${core}/topology/thread_siblings_list`)?.trim(),
  );
  return groups.includes(undefined) ? all : new Set(groups).size;
}
