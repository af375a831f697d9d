import { describe, expect, it } from 'vitest';
import { batchSteps, pieceOfValues, ReceivedBatches } from '../../../main/engine/batch-parts.ts';
import type { BatchHead, ScoringBatch } from '../../../main/engine/protocol.ts';

/** As the child of an engine takes requests, each of which has crossed to another process. */
function cross(batches: readonly ScoringBatch[], received = new ReceivedBatches()) {
  received.clear();
  for (const { method, payload } of batchSteps(batches)) {
    const arrived: unknown = structuredClone(payload);
    if (method === 'batch') received.begin(arrived as BatchHead);
    else received.add(arrived as Float32Array);
  }
  return received.batches;
}
const batch = (values: number): ScoringBatch => ({
  inputs: Float32Array.from({ length: values }, (_, i) => Math.sin(i)),
  targets: Int32Array.of(3, 1, 2),
});

describe('batches on their way to a scoring process', () => {
  it.each([1, pieceOfValues - 1, pieceOfValues, pieceOfValues + 1, 2 * pieceOfValues + 7])(
    'arrive as they were, of %i values',
    (values) => {
      const sent = [batch(values), batch(5)];
      expect(cross(sent)).toEqual(sent);
    },
  );

  it('go in messages none of which carries more than a piece', () => {
    const steps = batchSteps([batch(3 * pieceOfValues + 1)]);
    expect(steps.map(({ method }) => method)).toEqual([
      'batch',
      'images',
      'images',
      'images',
      'images',
    ]);
    const sizes = steps.slice(1).map(({ payload }) => (payload as Float32Array).buffer.byteLength);
    expect(Math.max(...sizes)).toBe(4 * pieceOfValues);
  });

  it('replace those that came before', () => {
    const received = new ReceivedBatches();
    cross([batch(9), batch(9)], received);
    expect(cross([batch(4)], received)).toEqual([batch(4)]);
  });

  it('refuse more images than a batch was said to have', () => {
    const received = new ReceivedBatches();
    received.begin({ targets: Int32Array.of(1), values: 3 });
    expect(() => received.add(new Float32Array(4))).toThrow(RangeError);
  });
});
