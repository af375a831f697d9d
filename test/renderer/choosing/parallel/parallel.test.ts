import { describe, expect, it, vi } from 'vitest';
import type { Measure } from '../../../../renderer/open-run/measures/measures.ts';
import {
  parallelAxes,
  rangeAt,
  shareOf,
  stepRange,
  valueAtShare,
} from '../../../../renderer/choosing/parallel/axes.ts';
import {
  LineLayer,
  lineOpacity,
  nearestLine,
} from '../../../../renderer/choosing/parallel/lines.ts';

const measure = (
  key: Measure['key'],
  values: number[],
  choices: number[] | null = null,
): Measure => ({ key, title: key, divisor: 1, unit: '', decimals: 0, values, choices });

const latency = measure('latency', [1, 10, 100]);
const gene = measure('gene:width', [8, 16, 64], [8, 16, 32, 64]);

describe('axes of parallel coordinates', () => {
  it('leave out what is the same everywhere', () => {
    const axes = parallelAxes(
      [latency, gene, measure('generation', [0, 0, 0]), measure('gene:fixed', [3, 3, 3], [3])],
      3,
    );
    expect(axes.map((axis) => axis.measure.key)).toEqual(['latency', 'gene:width']);
  });

  it('spread a cost over decades, and read values back from shares', () => {
    const axis = parallelAxes([latency], 3)[0]!;
    expect(shareOf(axis, 10)).toBeCloseTo(0.5);
    for (const value of [1, 3, 42, 100]) {
      expect(valueAtShare(axis, shareOf(axis, value))).toBeCloseTo(value, 9);
    }
    expect(valueAtShare(axis, 7)).toBeCloseTo(100);
  });

  it('of a gene keep ranges of its choices, and none between two of them', () => {
    const axis = parallelAxes([gene], 3)[0]!;
    expect(rangeAt(axis, shareOf(axis, 60), shareOf(axis, 14))).toEqual({ from: 16, to: 32 });
    expect(rangeAt(axis, shareOf(axis, 40), shareOf(axis, 50))).toBeNull();
  });

  it('stand upside down where a person wants that, and read the same values', () => {
    const axis = parallelAxes([latency], 3, (key) => key === 'latency')[0]!;
    expect(shareOf(axis, 1)).toBeCloseTo(1);
    expect(shareOf(axis, 100)).toBeCloseTo(0);
    expect(valueAtShare(axis, shareOf(axis, 42))).toBeCloseTo(42, 9);
    const range = rangeAt(axis, shareOf(axis, 3), shareOf(axis, 30))!;
    expect([range.from, range.to].map(Math.round)).toEqual([3, 30]);
    // A key means more or less, not up or down.
    expect(stepRange(axis, { from: 3, to: 30 }, 1, 'both').from).toBeGreaterThan(3);
  });

  it('move by keys, never beyond an end and never inverted', () => {
    const axis = parallelAxes([gene], 3)[0]!;
    expect(stepRange(axis, null, -1, 'upper')).toEqual({ from: 8, to: 32 });
    expect(stepRange(axis, { from: 8, to: 16 }, 1, 'both')).toEqual({ from: 16, to: 32 });
    expect(stepRange(axis, { from: 32, to: 64 }, 1, 'both')).toEqual({ from: 64, to: 64 });
    expect(stepRange(axis, { from: 8, to: 8 }, -1, 'upper')).toEqual({ from: 8, to: 8 });
    const smooth = parallelAxes([latency], 3)[0]!;
    const lower = stepRange(smooth, null, -1, 'upper');
    expect(lower.from).toBe(1);
    expect(lower.to).toBeLessThan(100);
  });
});

class StillImage {
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.data = new Uint8ClampedArray(width * height * 4);
  }
}

describe('lines', () => {
  const axes = parallelAxes([measure('score', [0, 1, 0.5]), measure('zico', [0, 1, 1])], 3);
  const input = {
    ...{ axes, positions: [0, 20], top: 0, bottom: 10, candidates: [0, 1, 2], opacity: 100 },
    colour: () => [1, 2, 3] as const,
  };

  it('cross every column between their axes, steep ones without a gap, and add up where they meet', () => {
    vi.stubGlobal('ImageData', StillImage);
    const layer = new LineLayer(21, 11);
    expect(layer.paint(input, 0, 1000)).toBe(3);
    const alpha = (x: number, y: number): number => layer.image.data[(y * 21 + x) * 4 + 3]!;
    for (let x = 0; x < 20; x++) {
      expect(alpha(x, 10)).toBe(100); // the first lies along the bottom
      expect(alpha(x, 0)).toBeGreaterThan(0); // the second along the top
    }
    expect(alpha(19, 0)).toBe(200); // where the third meets the second
    vi.unstubAllGlobals();
  });

  it('are painted in slices where there are many', () => {
    vi.stubGlobal('ImageData', StillImage);
    const layer = new LineLayer(21, 11);
    const candidates = new Array<number>(1000).fill(2);
    const first = layer.paint({ ...input, candidates }, 0, 0);
    expect(first).toBe(64);
    expect(layer.paint({ ...input, candidates }, first, 1e9)).toBe(1000);
    vi.unstubAllGlobals();
  });

  it('are found under the pointer', () => {
    expect(nearestLine(input, { x: 10, y: 9.5 }, 3)).toBe(0);
    expect(nearestLine(input, { x: 10, y: 2.6 }, 3)).toBe(2);
    expect(nearestLine(input, { x: 10, y: 6.3 }, 1)).toBe(-1);
    expect(nearestLine(input, { x: 25, y: 5 }, 9)).toBe(-1);
  });

  it('are fainter the more there are', () => {
    expect(lineOpacity(10)).toBeGreaterThan(lineOpacity(2000));
    expect(lineOpacity(2000)).toBeGreaterThan(lineOpacity(50_000));
    expect(lineOpacity(1e9)).toBeGreaterThan(0);
  });
});
