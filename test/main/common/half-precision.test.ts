import { describe, expect, it } from 'vitest';
import { asFloat16, fromFloat16 } from '../../../main/common/half-precision.ts';

describe('weights in half precision', () => {
  it('are the nearest halves, place by place', () => {
    const weights = Float32Array.of(0, -1, 0.1, 65504, -(2 ** -24), 2049);
    const halves = asFloat16(weights)!;
    expect(Array.from(halves, fromFloat16)).toEqual([
      0,
      -1,
      0.0999755859375,
      65504,
      -(2 ** -24),
      2048,
    ]);
  });

  it.each([[65520], [-1e9], [NaN], [Infinity]])('are none where one is %d', (odd) => {
    expect(asFloat16(Float32Array.of(1, odd))).toBeNull();
  });

  it('save nothing for a single number', () => {
    expect(asFloat16(Float32Array.of(1))).toBeNull();
  });
});
