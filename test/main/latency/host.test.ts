import os from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeProcesses } from '../../../main/child/node-process.ts';
import { HostLatency } from '../../../main/latency/host.ts';
import type { Latency } from '../../../main/latency/latency.ts';
import { spaceNamed } from '../../../main/space/index.ts';
import { generousLimits, latencyEntry } from '../../support/engines.ts';

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

  it('is the median of 20 runs, with their minimum and 90th percentile', () => {
    const sorted = [...latency.runsMs].sort((a, b) => a - b);
    expect(latency.runsMs).toHaveLength(20);
    expect(sorted[0]).toBeGreaterThan(0);
    expect(latency.latencyMs).toBeCloseTo((sorted[9] + sorted[10]) / 2, 9);
    expect(latency.minMs).toBe(sorted[0]);
    expect(latency.minMs).toBeLessThanOrEqual(latency.latencyMs);
    expect(latency.latencyMs).toBeLessThanOrEqual(latency.p90Ms);
  });

  it('says under which conditions it was taken', () => {
    expect(latency.conditions).toEqual({
      source: 'host',
      device: os.cpus()[0].model.trim(),
      runner: 'onnxruntime-cpu',
      engineVersion: expect.stringMatching(/^\d+\.\d+\.\d+/) as string,
      precision: 'float32',
      threads: 1,
      warmUp: 3,
      runs: 20,
    });
    expect(host).toMatchObject({ kind: 'host', exclusive: true, conditions: latency.conditions });
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
    expect((await host.measure(network('8:8:8:8:8'))).runsMs).toHaveLength(20);
  });
});
