import { spawn } from 'node:child_process';
import os from 'node:os';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ChildHandle } from '../../../main/child/process.ts';
import { nodeProcesses } from '../../../main/child/node-process.ts';
import { HostLatency } from '../../../main/latency/host.ts';
import type { Latency } from '../../../main/latency/latency.ts';
import { leastRepeats } from '../../../main/latency/interval.ts';
import { isVirtualMachine } from '../../../main/latency/virtual-machine.ts';
import { virtualMachineCoverage } from '../../../main/common/measuring.ts';
import { percentile } from '../../../main/latency/percentiles.ts';
import { spaceNamed } from '../../../main/space/index.ts';
import { generousLimits, latencyEntry } from '../../support/engines.ts';

/** Children of which the first can be killed while it works. */
function processesThatKill() {
  const started: ChildHandle[] = [];
  return {
    processes: {
      start(entry: string, name: string) {
        const child = nodeProcesses.start(entry, name);
        started.push(child);
        return child;
      },
    },
    async killFirst() {
      await vi.waitFor(() => expect(started).toHaveLength(1));
      await new Promise((resolve) => setTimeout(resolve, 900));
      started[0]!.kill();
    },
  };
}

const space = spaceNamed('nats-sss');
const network = (genotype: string) => space.decode(space.parse(genotype));

describe('the latency of this computer', () => {
  let host: HostLatency;
  let latency: Latency;
  beforeAll(async () => {
    host = new HostLatency({
      processes: nodeProcesses,
      entry: latencyEntry,
      limits: generousLimits,
    });
    latency = await host.measure(network('8:8:8:8:8'));
  }, 60_000);
  afterAll(() => host.close());

  it('is the median of all runs of its repeats, with their minimum and 90th percentile', () => {
    const sorted = [...latency.runsMs].sort((a, b) => a - b);
    const counting = latency.host!.repeats.filter(({ discarded }) => discarded === null);
    expect(latency.runsMs).toEqual(counting.flatMap(({ latenciesMs }) => latenciesMs));
    expect(counting.length).toBeGreaterThanOrEqual(leastRepeats);
    expect(sorted).toHaveLength(10 * counting.length);
    expect(sorted[0]).toBeGreaterThan(0);
    expect(latency.latencyMs).toBe(percentile(sorted, 0.5));
    expect(latency.minMs).toBe(sorted[0]);
    expect(latency.minMs).toBeLessThanOrEqual(latency.latencyMs);
    expect(latency.latencyMs).toBeLessThanOrEqual(latency.p90Ms);
  });

  it('says under which conditions it was taken', () => {
    expect(latency.conditions).toEqual({
      source: 'host',
      device: os.cpus()[0]!.model.trim(),
      runner: 'onnxruntime-cpu',
      engineVersion: expect.stringMatching(/^\d+\.\d+\.\d+/) as string,
      precision: 'float32',
      threads: 1,
      warmUp: 3,
      runs: latency.runsMs.length,
      interval: {
        ms: expect.arrayContaining([expect.any(Number)]) as unknown,
        asked: 0.05,
        reached: expect.any(Boolean) as unknown,
        ...(isVirtualMachine() && { covers: virtualMachineCoverage }),
      },
      host: { repeats: latency.runsMs.length / 10, unsteady: latency.host!.unsteady },
    });
    const [low = NaN, high = NaN] = latency.conditions.interval?.ms ?? [];
    expect(low).toBeLessThan(latency.latencyMs);
    expect(high).toBeGreaterThan(latency.latencyMs);
    expect(host).toMatchObject({ kind: 'host', exclusive: true });
  });

  it('records what else the computer did at each repeat', () => {
    for (const { load } of latency.host!.repeats) {
      expect(load.otherCores).toBeGreaterThanOrEqual(0);
      expect(load.otherCores).toBeLessThan(os.cpus().length + 0.5);
      for (const share of [load.stolenShare, load.waitedShare]) {
        if (process.platform === 'linux') expect(share).toBeGreaterThanOrEqual(0);
      }
    }
  });

  it('is marked where another program never leaves a core to spare', async () => {
    const programs = os
      .cpus()
      .map(() => spawn(process.execPath, ['--eval', 'for (;;);'], { stdio: 'ignore' }));
    try {
      const busy = await host.measure(network('8:8:8:8:8'));
      expect(busy.conditions.host?.unsteady).not.toEqual([]);
      // Nothing that was measured is left out of a figure that is not steady.
      expect(busy.host!.repeats.length).toBeGreaterThanOrEqual(5);
      expect(busy.host!.repeats.every(({ discarded }) => discarded === null)).toBe(true);
      expect(busy.runsMs).toHaveLength(10 * busy.host!.repeats.length);
    } finally {
      for (const program of programs) program.kill('SIGKILL');
    }
  }, 60_000);

  it('goes on with its repeats in a child that had to be started again', async () => {
    const killing = processesThatKill();
    const fragile = new HostLatency({
      ...{ processes: killing.processes, entry: latencyEntry, limits: generousLimits },
    });
    const measuring = fragile.measure(network('64:64:64:64:64'));
    await killing.killFirst();
    expect((await measuring).runsMs.length).toBeGreaterThanOrEqual(30);
    await fragile.close();
  }, 60_000);

  it('takes the runs that it is asked for in each repeat', async () => {
    const few = new HostLatency({
      ...{ processes: nodeProcesses, entry: latencyEntry, limits: generousLimits },
      ...{ runs: 2, warmUp: 0, repeats: 2, interval: null, requeues: 1 },
    });
    const { conditions, host: recorded } = await few.measure(network('8:8:8:8:8'));
    expect(conditions.warmUp).toBe(0);
    expect(recorded!.repeats.every(({ latenciesMs }) => latenciesMs.length === 2)).toBe(true);
    await few.close();
  });

  it('takes a fixed number of repeats where no interval is asked for', async () => {
    const fixed = new HostLatency({
      ...{ processes: nodeProcesses, entry: latencyEntry, limits: generousLimits },
      ...{ runs: 2, warmUp: 0, repeats: 1, interval: null, requeues: 1 },
    });
    const { conditions, runsMs } = await fixed.measure(network('8:8:8:8:8'));
    expect(conditions.interval).toMatchObject({ asked: null, reached: true });
    // One repeat, unless the computer was busy.
    expect(runsMs.length === 2).toBe(conditions.interval?.ms === null);
    await fixed.close();
  });

  it('is longer for a network of fifty times the work', async () => {
    const large = await host.measure(network('64:64:64:64:64'));
    expect(large.minMs).toBeGreaterThan(latency.minMs);
  });

  it('gives up when it is told to, and measures again afterwards', async () => {
    const stopped = new AbortController();
    const measuring = host.measure(network('64:64:64:64:64'), stopped.signal);
    stopped.abort();
    await expect(measuring).rejects.toMatchObject({ code: 'latency-aborted' });
    expect((await host.measure(network('8:8:8:8:8'))).runsMs.length).toBeGreaterThanOrEqual(30);
  });
});

describe('in another precision, or with another runtime', { timeout: 120_000 }, () => {
  it.each([
    ['onnxruntime-cpu', 'int8'],
    ['onnxruntime-cpu', 'float16'],
    ['tflite-cpu', 'float32'],
    ['tflite-cpu', 'float16'],
    ['tflite-cpu', 'int8'],
  ] as const)('%s, %s, is measured and says so', async (runner, precision) => {
    const host = new HostLatency({
      ...{ processes: nodeProcesses, entry: latencyEntry, limits: generousLimits },
      ...{ runner, precision, repeats: 1, interval: null, requeues: 0 },
    });
    const { latencyMs, conditions } = await host.measure(network('8:8:8:8:8'));
    await host.close();
    expect(latencyMs).toBeGreaterThan(0);
    expect(conditions).toMatchObject({ source: 'host', runner, precision });
    if (runner === 'tflite-cpu') expect(conditions.engineVersion).toBe('2.9.0');
  });

  it('a model that only runs as its file has it is refused', async () => {
    const host = new HostLatency({
      ...{ processes: nodeProcesses, entry: latencyEntry, limits: generousLimits },
      precision: 'int8',
    });
    const stored = {
      ...{ name: 'x', bytes: new Uint8Array(4), inputs: [], parameters: 1 },
      precision: 'float16' as const,
    };
    await expect(host.measureStored(stored)).rejects.toMatchObject({ code: 'not-convertible' });
    await host.close();
  });
});
