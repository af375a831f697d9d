import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../../../main/graph/builder.ts';
import { estimateMs } from '../../../../main/latency/predicted/estimate.ts';
import { operationKinds, type Operation } from '../../../../main/latency/predicted/operation.ts';
import { predictedDevices } from '../../../../main/latency/predicted/devices.ts';
import { PredictedLatency } from '../../../../main/latency/predicted/predicted-latency.ts';
import {
  errorOf,
  mostPercent,
  type NetworkContent,
} from '../../../../main/latency/predicted/range.ts';
import {
  isEstimate,
  latencyKinds,
  type PredictedKind,
} from '../../../../main/common/latency-sources.ts';
import { spaceNamed } from '../../../../main/space/index.ts';
import {
  errorsOf,
  family,
  percentOff,
  predictByMacs,
  predictLeftOut,
  tenFolds,
} from '../../../fit/leave-out.ts';
import { fitModel, fitOf, leastRelativeDeviations } from '../../../fit/s10-fit.ts';
import { readS10Measurements } from '../../../fit/s10-measurements.ts';
import { coverageOf } from '../../../fit/widening.ts';

/** The most that networks left out with their whole family may be off: median and nine of ten, in percent. */
const allowed: Readonly<Record<PredictedKind, readonly [number, number]>> = {
  'predicted-s10-gpu': [5, 13],
  'predicted-s10-cpu-int8': [8.8, 22],
  'predicted-s10-cpu': [5.4, 18],
  'predicted-s10-cpu-mid-int8': [5, 10],
  'predicted-s10-cpu-mid': [5, 10],
  'predicted-s10-cpu-little-int8': [8.8, 22],
  'predicted-s10-cpu-little': [5.4, 18],
};
const kinds = latencyKinds.filter(isEstimate);

describe.each(kinds)('the estimate %s', (kind) => {
  const networks = readS10Measurements(kind);
  const { model } = predictedDevices[kind];

  it('is as near to 102 real networks as it may be, left out by tens and by whole families', () => {
    expect(networks).toHaveLength(102);
    for (const groupOf of [tenFolds(networks), family]) {
      const errors = errorsOf(networks, predictLeftOut(networks, groupOf, fitOf(kind)));
      expect(errors.medianPercent).toBeLessThanOrEqual(allowed[kind][0]);
      expect(errors.p90Percent).toBeLessThanOrEqual(allowed[kind][1]);
      expect(errors.spearman).toBeGreaterThanOrEqual(0.985);
      const byMacs = predictByMacs(networks, groupOf, leastRelativeDeviations);
      expect(errors.medianPercent).toBeLessThan(errorsOf(networks, byMacs).medianPercent / 2);
    }
  });

  it('is off by at most 30 % for networks with groups whose family it has not seen', () => {
    const off = percentOff(networks, predictLeftOut(networks, family, fitOf(kind)));
    const grouped = networks.flatMap(({ operations }, n) =>
      operations.some(({ operation }) => operation.kind === 'conv-grouped') ? [off[n]!] : [],
    );
    expect(grouped.length).toBeGreaterThanOrEqual(10);
    expect(Math.max(...grouped.map(Math.abs))).toBeLessThanOrEqual(30);
  });

  it('ships with the coefficients, the range and the errors that the fit gives', () => {
    const fitted = numbersOf(fitModel(networks, kind));
    const shipped = numbersOf(model);
    expect(shipped).toHaveLength(fitted.length);
    fitted.forEach((value, i) => {
      expect(Math.abs(shipped[i]! - value)).toBeLessThanOrEqual(1e-5 * Math.abs(value));
    });
  });
});

/** Every number of a value, in order. */
function numbersOf(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  return value === null || typeof value !== 'object'
    ? []
    : Object.values(value).flatMap((one) => numbersOf(one));
}

describe('what is said of the error of an estimate', () => {
  it('holds in nine of ten cases for networks that were left out, beyond the measured or not', () => {
    const kind = 'predicted-s10-cpu-int8';
    const ways = ['whole families', 'tenths by MACs'];
    const covered = coverageOf(readS10Measurements(kind), kind, (what) => ways.includes(what));
    expect(covered.map(({ what }) => what)).toEqual(ways);
    for (const { inside, outside } of covered) {
      expect(inside.covered / inside.of).toBeGreaterThanOrEqual(0.9);
      expect(outside.covered / outside.of).toBeGreaterThanOrEqual(0.9);
      expect(outside.of).toBeGreaterThanOrEqual(10);
    }
  }, 60_000);

  it('grows with the distance from what was measured, and never falls', () => {
    const { model } = predictedDevices['predicted-s10-cpu'];
    const times = fc.double({ min: 1, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(times, times, (one, other) => {
        const percent = (factor: number) => errorOf(scaledContent(factor), new Map(), model);
        const [near, far] = [Math.min(one, other), Math.max(one, other)].map(percent);
        expect(near!.p90Percent).toBeLessThanOrEqual(far!.p90Percent);
        expect(far!.p90Percent).toBeLessThanOrEqual(mostPercent);
      }),
    );
  });
});

/** A single convolution, within the measured range but for being alone, times a factor. */
function scaledContent(factor: number): NetworkContent {
  const operation: Operation = {
    kind: 'conv-3x3',
    macs: 1e8 * factor,
    weights: 1e6,
    inputElements: 1e6,
    outputElements: 1e6,
  };
  return { operations: [operation], pixels: 224 * 224, unmeasured: { names: [], share: 0 } };
}

describe('the estimated latency of a Galaxy S10', () => {
  const networks = readS10Measurements();

  it.each(kinds)('never falls when an operation is added: %s', (kind) => {
    const { model } = predictedDevices[kind];
    const amount = fc.double({ min: 0, max: 1e9, noNaN: true });
    const operation: fc.Arbitrary<Operation> = fc.record({
      kind: fc.constantFrom(...operationKinds),
      macs: amount,
      weights: amount,
      inputElements: amount,
      outputElements: amount,
    });
    fc.assert(
      fc.property(fc.array(operation), operation, (some, one) => {
        expect(estimateMs([...some, one], model)).toBeGreaterThanOrEqual(estimateMs(some, model));
      }),
    );
  });

  it('is that of the measured ResNet-18 for a ResNet-18 of our own, within its error', async () => {
    const latency = await new PredictedLatency('predicted-s10-gpu').measure(resNet18());
    const measured = networks.find(({ name }) => name === 'resnet18')?.milliseconds ?? NaN;
    expect(measured).toBeCloseTo(19.86, 1);
    expect(Math.abs(latency.latencyMs / measured - 1)).toBeLessThan(0.13);
    expect(latency).toMatchObject({
      minMs: latency.latencyMs,
      p90Ms: latency.latencyMs,
      runsMs: [],
    });
    expect(latency.conditions).toMatchObject({
      source: 'predicted-s10-gpu',
      runs: 0,
      estimate: { withinMeasuredRange: true, outside: [] },
    });
  });

  it('says in what a network lies outside, and never fails for that', async () => {
    const { conditions } = await new PredictedLatency('predicted-s10-cpu').measure(tiny());
    expect(conditions.estimate).toMatchObject({
      withinMeasuredRange: false,
      outside: ['MACs', 'parameters', 'number of operations', 'size of the image'],
    });
    const small = spaceNamed('nats-sss');
    const graph = small.decode(small.parse('64:64:64:64:64'));
    const { estimate } = (await new PredictedLatency('predicted-s10-gpu').measure(graph))
      .conditions;
    expect(estimate?.outside).toContain('size of the image');
    expect(estimate?.p90Percent).toBeGreaterThan(50);
  });

  it('states no error below tenfold for a network without any operator that it knows', async () => {
    const b = new GraphBuilder();
    const image = b.image('image', [3, 224, 224]);
    const unknown = b.build('unknown', [b.divide(image, image)]);
    const latency = await new PredictedLatency('predicted-s10-cpu-int8').measure(unknown);
    expect(latency.latencyMs).toBeGreaterThanOrEqual(0);
    expect(latency.conditions.estimate).toMatchObject({
      p90Percent: 900,
      withinMeasuredRange: false,
    });
    expect(latency.conditions.estimate?.outside?.at(-1)).toContain('Div');
  });
});

function tiny() {
  const b = new GraphBuilder();
  const x = b.conv('only', b.image('image', [3, 8, 8]), {
    inChannels: 3,
    outChannels: 4,
    kernel: 1,
  });
  return b.build('tiny', [x]);
}

/** At 224 x 224; the max-pool is an average pool here, which moves the same data. */
function resNet18() {
  const b = new GraphBuilder();
  const unit = (
    name: string,
    x: string,
    inChannels: number,
    outChannels: number,
    stride: number,
    kernel = 3,
  ) => {
    const y = b.conv(name, x, { inChannels, outChannels, kernel, stride });
    return b.batchNormalization(`${name}_norm`, y, outChannels);
  };
  let x = b.relu(unit('stem', b.image('image', [3, 224, 224]), 3, 64, 2, 7));
  x = b.averagePool(x, [2, 2], [2, 2]);
  let channels = 64;
  for (const [stage, width] of [64, 128, 256, 512].entries()) {
    for (const block of [0, 1]) {
      const name = `stage${stage}_${block}`;
      const stride = stage > 0 && block === 0 ? 2 : 1;
      const y = b.relu(unit(`${name}_a`, x, channels, width, stride));
      const short = stride === 2 ? unit(`${name}_short`, x, channels, width, 2, 1) : x;
      x = b.relu(b.add(unit(`${name}_b`, y, width, width, 1), short));
      channels = width;
    }
  }
  return b.build('resnet18', [b.linear('head', b.flatten(b.globalAveragePool(x)), 512, 1000)]);
}
