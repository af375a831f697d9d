import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../../../main/graph/builder.ts';
import { estimateMs } from '../../../../main/latency/predicted/estimate.ts';
import { operationKinds, type Operation } from '../../../../main/latency/predicted/operation.ts';
import { predictedDevices } from '../../../../main/latency/predicted/devices.ts';
import { PredictedLatency } from '../../../../main/latency/predicted/predicted-latency.ts';
import { family, fitModel, leaveOut, tenFolds } from '../../../fit/s10-fit.ts';
import { readS10Measurements } from '../../../fit/s10-measurements.ts';

const s10GpuModel = predictedDevices['predicted-s10-gpu'].model;

const networks = readS10Measurements();

describe('the estimated latency of a Galaxy S10', () => {
  it('is as near to 102 real networks as it says, when they were left out of the fit', () => {
    const errors = leaveOut(networks, tenFolds(networks));
    expect(networks).toHaveLength(102);
    expect(errors.medianPercent).toBeLessThanOrEqual(5);
    expect(errors.p90Percent).toBeLessThanOrEqual(13);
    expect(errors.spearman).toBeGreaterThanOrEqual(0.985);
    expect(s10GpuModel.error.medianPercent).toBeCloseTo(errors.medianPercent, 3);
    expect(s10GpuModel.error.p90Percent).toBeCloseTo(errors.p90Percent, 3);
  });

  it('is as near when whole families of networks were left out', () => {
    const errors = leaveOut(networks, family);
    expect(errors.medianPercent).toBeLessThanOrEqual(5);
    expect(errors.spearman).toBeGreaterThanOrEqual(0.985);
  });

  it('ships with the coefficients that the fit gives', () => {
    const fitted = fitModel(networks);
    const flat = (model: typeof fitted): number[] => [
      ...operationKinds.flatMap((kind) => [...model.operations[kind], model.kinds[kind]]),
      ...model.network,
      ...model.range.macs,
      ...model.range.operations,
    ];
    const shipped = flat(s10GpuModel);
    flat(fitted).forEach((value, i) => {
      expect(Math.abs(shipped[i]! - value)).toBeLessThanOrEqual(1e-5 * Math.abs(value));
    });
  });

  it('never falls when an operation is added', () => {
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
        expect(estimateMs([...some, one], s10GpuModel)).toBeGreaterThanOrEqual(
          estimateMs(some, s10GpuModel),
        );
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
      estimate: { ...s10GpuModel.error, withinMeasuredRange: true },
    });
  });

  it('says so where a network is smaller than all that were measured', async () => {
    const b = new GraphBuilder();
    const x = b.conv('only', b.image('image', [3, 8, 8]), {
      inChannels: 3,
      outChannels: 4,
      kernel: 1,
    });
    const { conditions } = await new PredictedLatency('predicted-s10-gpu').measure(
      b.build('tiny', [x]),
    );
    expect(conditions.estimate?.withinMeasuredRange).toBe(false);
  });
});

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
