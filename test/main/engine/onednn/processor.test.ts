import { expect, it } from 'vitest';
import { bf16Obstacle } from '../../../../main/engine/onednn/processor.ts';

const flags = (names: string) => `processor\t: 0\nflags\t\t: fpu avx2 ${names}\nbugs\t\t:\n`;

it('bf16 is offered where engine and processor have it, or where nobody can tell', () => {
  expect(bf16Obstacle('2.6.3+k2', flags('avx512f avx512_bf16 amx_tile'))).toBeNull();
  expect(bf16Obstacle('2.6.3+k2', null)).toBeNull();
});

it('says what is missing', () => {
  expect(bf16Obstacle('2.6.3+k2', flags('avx512f avx512_bf160'))).toMatch(/AVX512_BF16/);
  expect(bf16Obstacle(null, flags('avx512_bf16'))).toMatch(/onednn engine, which was not built/);
});
