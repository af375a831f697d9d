import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gradientNorm, gradientStatistics } from '../../../main/proxy/gradient-statistics.ts';

const noCap = Infinity;

/** Gradients of one layer: `batches` arrays of the same length, of very different magnitudes. */
const gradients = (batches: fc.Arbitrary<number>) =>
  fc.record({ batches, weights: fc.integer({ min: 1, max: 40 }) }).chain(({ batches, weights }) => {
    // Exact repetitions and near ties among them, which is where the formula is delicate.
    const element = fc.oneof(
      fc.float({ min: -4, max: 4, noNaN: true }),
      fc.constantFrom(0, 1, 1 + 2 ** -20, -1, 2 ** -30, -(2 ** -30)),
    );
    const gradient = fc
      .array(element, { minLength: weights, maxLength: weights })
      .map((values) => Float32Array.from(values));
    return fc.array(gradient, { minLength: batches, maxLength: batches });
  });

function sumsOf(gradientsOfBatches: readonly Float32Array[], termCap: number) {
  const statistics = gradientStatistics(gradientsOfBatches.length);
  for (const gradient of gradientsOfBatches) statistics.add(gradient);
  return statistics.sums(termCap);
}

/** The definition, word for word, two passes over the batches in double precision. */
function byDefinition(gradientsOfBatches: readonly Float32Array[], termCap: number): number {
  let sum = 0;
  for (let w = 0; w < gradientsOfBatches[0]!.length; w++) {
    const values = gradientsOfBatches.map((gradient) => gradient[w]!);
    if (values.every((value) => value === values[0])) continue;
    const average = (numbers: readonly number[]) =>
      numbers.reduce((a, b) => a + b, 0) / numbers.length;
    const mean = average(values);
    const deviation = Math.sqrt(average(values.map((value) => (value - mean) ** 2)));
    sum += Math.min(average(values.map(Math.abs)) / deviation, termCap);
  }
  return sum;
}

const close = (actual: number, expected: number) =>
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(1e-9 * Math.abs(expected));

describe('the sum of mean|g| / std(g) over the weights of a layer', () => {
  it('follows the definition for any number of batches, to 1e-9', () => {
    fc.assert(
      fc.property(gradients(fc.integer({ min: 2, max: 6 })), (all) => {
        close(sumsOf(all, noCap).sum, byDefinition(all, noCap));
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it('with a cap limits every single term, and never the uncapped sum', () => {
    const caps = fc.double({ min: 0.5, max: 2000, noNaN: true });
    fc.assert(
      fc.property(gradients(fc.integer({ min: 2, max: 4 })), caps, (all, termCap) => {
        const { sum, sumCapped } = sumsOf(all, termCap);
        close(sumCapped, byDefinition(all, termCap));
        close(sum, byDefinition(all, noCap));
      }),
      { seed: 2, numRuns: 300 },
    );
  });

  it('is the same from the pair formula and from the streamed one', () => {
    fc.assert(
      fc.property(gradients(fc.constant(2)), ([first, second]) => {
        // Repeating both batches changes neither mean nor deviation, but takes the streamed path.
        const pair = sumsOf([first!, second!], 100);
        const streamed = sumsOf([first!, second!, first!, second!], 100);
        close(streamed.sum, pair.sum);
        close(streamed.sumCapped, pair.sumCapped);
      }),
      { seed: 3, numRuns: 300 },
    );
  });

  it('does not depend on the order of the batches', () => {
    fc.assert(
      fc.property(gradients(fc.integer({ min: 2, max: 5 })), (all) => {
        close(sumsOf([...all].reverse(), 50).sum, sumsOf(all, 50).sum);
      }),
      { seed: 4 },
    );
  });

  it('is that of a worked example', () => {
    // (1 + 3) / |1 - 3| = 2, (2 + 2) / |2 + 2| = 1, (3 + 2.75) / 0.25 = 23.
    const all = [Float32Array.of(1, 2, 3), Float32Array.of(3, -2, 2.75)];
    expect(sumsOf(all, 10)).toEqual({ sum: 2 + 1 + 23, sumCapped: 2 + 1 + 10 });
  });

  it.each([2, 3])('leaves out weights whose gradient never varies (%i batches)', (batches) => {
    const constant = Array.from({ length: batches }, () => Float32Array.of(0, 0.1, -7));
    expect(sumsOf(constant, 10)).toEqual({ sum: 0, sumCapped: 0 });
  });

  it.each([2, 3])('insists on the announced number of batches (%i)', (batches) => {
    const statistics = gradientStatistics(batches);
    for (let i = 1; i < batches; i++) statistics.add(Float32Array.of(i));
    expect(() => statistics.sums(1)).toThrow(RangeError);
    statistics.add(Float32Array.of(0));
    expect(() => statistics.add(Float32Array.of(0))).toThrow(RangeError);
    expect(statistics.sums(1).sum).toBeGreaterThanOrEqual(0);
  });

  it('refuses a single batch, which has no deviation', () => {
    expect(() => gradientStatistics(1)).toThrow(/two batches/);
  });
});

describe('the norm of a gradient', () => {
  it('is Euclidean, in double precision', () => {
    expect(gradientNorm(Float32Array.of(3, -4))).toBe(5);
    expect(gradientNorm(new Float32Array(0))).toBe(0);
    // Its square overflows single precision.
    expect(gradientNorm(Float32Array.of(1e30))).toBe(Math.fround(1e30));
  });

  it.each([NaN, Infinity, -Infinity])('shows %d among the values', (value) => {
    expect(gradientNorm(Float32Array.of(1, value, 2))).not.toSatisfy(Number.isFinite);
  });
});
