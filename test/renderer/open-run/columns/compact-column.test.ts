import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CompactColumn } from '../../../../renderer/open-run/columns/compact-column.ts';

describe('a compact column', () => {
  it('gives back every number as it was, however narrow it began', () => {
    const number = fc.oneof(
      fc.integer({ min: 0, max: 255 }),
      fc.integer(),
      fc.float({ noNaN: true }),
      fc.double({ noNaN: true }),
      fc.constantFrom(0.1, 256, -1, 0.5),
    );
    // Zero has one sign here: no gene has another.
    const numbers = fc.array(
      number.map((value) => (value === 0 ? 0 : value)),
      { maxLength: 9 },
    );
    fc.assert(
      fc.property(fc.array(numbers, { maxLength: 6 }), (parts) => {
        const column = new CompactColumn(0);
        let length = 0;
        for (const part of parts) {
          column.grow(length + part.length);
          column.put(length, Float64Array.from(part));
          length += part.length;
        }
        expect([...column.values]).toEqual(parts.flat());
      }),
      { numRuns: 500 },
    );
  });

  it('takes a byte a small whole number, and more only where one needs it', () => {
    const column = new CompactColumn(4);
    column.put(0, Float64Array.of(3, 255));
    expect(column.values).toBeInstanceOf(Uint8Array);
    column.put(2, Float64Array.of(0.25));
    expect(column.values).toBeInstanceOf(Float32Array);
    column.put(3, Float64Array.of(0.1));
    expect([...column.values]).toEqual([3, 255, 0.25, 0.1]);
  });
});
