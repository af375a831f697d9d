import { describe, expect, it } from 'vitest';
import { boundsOf, isDoubtful } from '../../../main/latency/bounds.ts';
import type { LatencyConditions } from '../../../main/latency/latency.ts';

const plain: LatencyConditions = {
  ...{ source: 'host', device: 'A Processor', runner: 'onnxruntime-cpu', engineVersion: '1' },
  ...{ precision: 'float32', threads: 1, warmUp: 3, runs: 40 },
};
const interval = { ms: [9, 11] as const, asked: 0.05, reached: false };
const of = (change: Partial<LatencyConditions>) => ({
  latencyMs: 10,
  conditions: { ...plain, ...change },
});

describe('the bounds of a latency', () => {
  it('are its interval, wherever that was asked to be', () => {
    expect(boundsOf(of({ interval }))).toEqual({ lowMs: 9, highMs: 11, basis: 'interval' });
    const wide = of({ interval, host: { repeats: 12, unsteady: ['interval-not-reached'] } });
    expect(boundsOf(wide)?.basis).toBe('interval');
    expect(isDoubtful(wide)).toBe(true);
  });

  it('are called by what they hold where that is less than meant', () => {
    const shared = of({ interval: { ...interval, covers: 0.65 } });
    expect(boundsOf(shared)).toEqual({ lowMs: 9, highMs: 11, basis: 'virtual machine' });
    const busy = { host: { repeats: 5, unsteady: ['waited-for-processor' as const] } };
    expect(boundsOf(of({ ...shared.conditions, ...busy }))?.basis).toBe('unsteady');
  });

  it('claim no share of later measurements where the device was not fit to be measured', () => {
    const busy = of({ interval, host: { repeats: 5, unsteady: ['waited-for-processor'] } });
    expect(boundsOf(busy)).toEqual({ lowMs: 9, highMs: 11, basis: 'unsteady' });
  });

  it('keep what 0.1 stored of a phone, under the name of its protocol', () => {
    const phone = {
      intervalMs: [9.9, 10.1],
      unsteady: [],
    } as unknown as LatencyConditions['phone'];
    expect(boundsOf(of({ source: 'phone', phone: phone! }))).toEqual({
      ...{ lowMs: 9.9, highMs: 10.1, basis: 'interval of 0.1' },
    });
  });

  it('are those of nine in ten estimates, and of nothing where nothing is known', () => {
    const estimate = { medianPercent: 5, p90Percent: 25, withinMeasuredRange: false };
    expect(boundsOf(of({ estimate }))).toEqual({ lowMs: 8, highMs: 12.5, basis: 'estimate' });
    expect(isDoubtful(of({ estimate }))).toBe(true);
    expect(boundsOf(of({}))).toBeNull();
    expect(boundsOf(of({ interval: { ...interval, ms: null } }))).toBeNull();
    expect(isDoubtful(of({}))).toBe(false);
  });
});
