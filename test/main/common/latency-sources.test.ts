import { expect, it } from 'vitest';
import {
  isEstimate,
  isTimed,
  latencyKinds,
  latencyKindSchema,
  timedKinds,
} from '../../../main/common/latency-sources.ts';
import { predictedDevices } from '../../../main/latency/predicted/devices.ts';

it('gives every kind of latency a schema, and durations to all but counted MACs', () => {
  expect(latencyKindSchema.options).toEqual(latencyKinds);
  expect(latencyKinds.filter((kind) => !isTimed(kind))).toEqual(['macs']);
});

it('is timed wherever it is not counted', () => {
  expect(timedKinds).toEqual(latencyKinds.filter((kind) => kind !== 'macs'));
});

it('has a device for each estimate, under the name that people choose', () => {
  expect(Object.keys(predictedDevices)).toEqual(latencyKinds.filter(isEstimate));
});
