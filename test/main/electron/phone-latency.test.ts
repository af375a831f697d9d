import { describe, expect, it } from 'vitest';
import { phoneLatencyOf } from '../../../main/electron/phone-latency.ts';
import { latencyOf } from '../../../main/phone/pool/phone-latency.ts';
import { phoneLatency } from '../../../preload/phone-latency.ts';
import { measurementWith } from '../../support/phone-measurement.ts';

const identity = {
  ...{ serialNumber: 'R58M', model: 'SM-G973F', chip: 'Exynos 9820', android: '12' },
  ...{ sdk: 31, abi: 'arm64-v8a', clusters: [] },
};
const latency = latencyOf({ measurement: measurementWith(), serial: 'R58M', identity });

describe('a latency that a phone measured, for the window', () => {
  it('keeps every repeat, what counted and what did not, and the drift apart', () => {
    const shown = phoneLatencyOf(latency);
    expect(phoneLatency.parse(shown)).toEqual(shown);
    expect(shown?.repeats.map(({ discarded }) => discarded)).toEqual([null, 'thermal-status']);
    expect(shown?.repeats[1]!.after.batteryC).toBe(35.4);
    expect(shown?.drift).toMatchObject({ correctedMs: 77.81 });
    expect(shown).toMatchObject({ model: 'SM-G973F' });
    // What counts alone is in the figure.
    expect(latency.runsMs).toEqual([79.4, 79.2, 79.5, 79.3, 81.2]);
  });

  it('is none where this computer measured', () => {
    const { device, runner, engineVersion, precision, threads, warmUp, runs } = latency.conditions;
    const conditions = { source: 'host', device, runner, engineVersion, precision } as const;
    const host = { ...conditions, threads, warmUp, runs };
    expect(phoneLatencyOf({ ...latency, conditions: host })).toBeNull();
  });
});
