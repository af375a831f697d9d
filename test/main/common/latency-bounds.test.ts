import { expect, it } from 'vitest';
import {
  basisOfStanding,
  indistinct,
  isDoubtfulStanding,
  isSteady,
  latencyBases,
  latencyStanding,
  measuringDeviation,
  type LatencyBounds,
} from '../../../main/common/latency-bounds.ts';

const of = (cost: number, off: number | null) => ({
  cost,
  low: off === null ? null : cost - off,
  high: off === null ? null : cost + off,
});

it('counts neighbours of a front that differ by less than their errors, which add as independent ones do', () => {
  // 3 and 4 make 5: a difference of 5 is as large as both errors.
  expect(indistinct([of(10, 3), of(15, 4)])).toBe(0);
  expect(indistinct([of(10, 3), of(14.9, 4), of(40, 1)])).toBe(1);
  expect(indistinct([of(10, 1), of(10.5, 1), of(11, 1)])).toBe(2);
});

it('says nothing of what is not known', () => {
  expect(indistinct([])).toBe(0);
  expect(indistinct([of(10, 5)])).toBe(0);
  expect(indistinct([of(10, 5), of(10.1, null)])).toBe(0);
  expect(indistinct([of(10, NaN), of(10.1, NaN)])).toBe(0);
});

const bounds = (
  lowMs: number,
  highMs: number,
  basis: LatencyBounds['basis'] = 'interval',
): LatencyBounds => ({ lowMs, highMs, basis });

it('puts what bounds are into a byte, and takes it out again', () => {
  for (const basis of [null, ...latencyBases]) {
    for (const doubtful of [true, false]) {
      const standing = latencyStanding(basis && bounds(9, 11, basis), doubtful);
      expect(basisOfStanding(standing)).toBe(basis);
      expect(isDoubtfulStanding(standing)).toBe(doubtful);
    }
  }
});

it('calls steady only what is known to 5 %, whoever asked for less', () => {
  expect(isSteady(bounds(97, 103), 100)).toBe(true);
  expect(isSteady(bounds(597, 1184), 682)).toBe(false);
  expect(isSteady(bounds(97, 103, 'interval of 0.1'), 100)).toBe(false);
  expect(isSteady(bounds(97, 103, 'unsteady'), 100)).toBe(false);
  expect(isSteady(bounds(97, 103, 'virtual machine'), 100)).toBe(false);
  expect(isSteady(null, 100)).toBe(false);
});

it('takes the noise of a measurement from its bounds, wider where these covered less', () => {
  const ms = 100;
  const of = (basis: LatencyBounds['basis']) =>
    measuringDeviation(bounds(ms * Math.exp(-0.0588), ms * Math.exp(0.0588), basis));
  expect(of('interval')).toBeCloseTo(0.03, 10);
  expect(of('interval of 0.1')).toBeCloseTo(0.049, 10);
  expect(of('virtual machine')).toBeCloseTo(0.0632, 4);
  expect(of('estimate')).toBeNull();
  expect(measuringDeviation(null)).toBeNull();
  // Repeats that differ a thousandfold: a number nonetheless.
  expect(measuringDeviation(bounds(0, 1e9))).toBe(3);
});
