/** The quick check of a latency's error takes what its schema takes, and nothing else. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isLatencyError, latencyErrorContent } from '../../../main/common/latency-content.ts';

const odd = fc.oneof(
  fc.constantFrom(null, -1, 1e10, 'ms', true, [], {}, [1], [1, 2, 3]),
  fc.double(),
);
const ms = fc.double({ min: 0, max: 1e9, noNaN: true });
const share = fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), odd);
const interval = fc.oneof(fc.tuple(ms, ms), fc.constant(null), odd, fc.tuple(odd, ms));
const texts = fc.oneof(fc.array(fc.string()), fc.array(odd), odd);
const maybe = <T>(one: fc.Arbitrary<T>) => fc.option(fc.oneof(one, odd), { nil: undefined });
const error = fc.record(
  {
    interval: maybe(fc.record({ ms: interval, asked: ms, covers: share }, { requiredKeys: [] })),
    phone: maybe(fc.record({ intervalMs: interval, unsteady: texts }, { requiredKeys: [] })),
    host: maybe(fc.record({ unsteady: texts }, { requiredKeys: [] })),
    estimate: maybe(
      fc.record(
        { p90Percent: fc.oneof(ms, odd), withinMeasuredRange: fc.oneof(fc.boolean(), odd) },
        { requiredKeys: [] },
      ),
    ),
  },
  { requiredKeys: [] },
);

it('takes what the schema takes', () => {
  fc.assert(
    fc.property(fc.oneof({ weight: 9, arbitrary: error }, odd), (value) => {
      expect(isLatencyError(value)).toBe(latencyErrorContent.safeParse(value).success);
    }),
    { numRuns: 2000 },
  );
});
