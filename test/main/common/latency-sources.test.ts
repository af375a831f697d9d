import { expect, it } from 'vitest';
import {
  isEstimate,
  isTimed,
  latencyKinds,
  timedKinds,
} from '../../../main/common/latency-sources.ts';
import { predictedDevices } from '../../../main/latency/predicted/devices.ts';

it('gives durations to every kind of latency but counted MACs', () => {
  expect(latencyKinds.filter((kind) => !isTimed(kind))).toEqual(['macs']);
});

it('is timed wherever it is not counted', () => {
  expect(timedKinds).toEqual(latencyKinds.filter((kind) => kind !== 'macs'));
});

it('has a device for each estimate, under the name that people choose', () => {
  expect(Object.keys(predictedDevices)).toEqual(latencyKinds.filter(isEstimate));
});
