import { expect, it } from 'vitest';
import { usualPrecision } from '../../../main/engine/engine-choice.ts';
import { versionInWords } from '../../../main/engine/precision.ts';

it('is left to direct convolutions where rounding can decide a score', () => {
  expect(usualPrecision('onednn', { termCap: null, batches: 8 })).toBe('float32');
  expect(usualPrecision('onednn', { termCap: 100, batches: 3 })).toBe('float32');
  // As benchmarks and the scores of single models ask, which name a cap in any case.
  expect(usualPrecision('onednn', { termCap: 100, batches: 2 })).toBe('float32');
  expect(usualPrecision('onnxruntime', { termCap: 100, batches: 8 })).toBe('float32');
});

it('is Winograd’s for capped scores of several batches on onednn', () => {
  expect(usualPrecision('onednn', { termCap: 100, batches: 4 })).toBe('float32-winograd');
});

it('stands beside a version, with the instructions where a score names them', () => {
  const version = '2.6.3+k6';
  expect(versionInWords({ version })).toBe('2.6.3+k6');
  expect(versionInWords({ version, instructions: 'avx2' })).toBe('2.6.3+k6 (avx2)');
  expect(versionInWords({ version, precision: 'bf16', instructions: 'avx512' })).toBe(
    '2.6.3+k6 in bf16 (avx512)',
  );
});
