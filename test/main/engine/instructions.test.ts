import { expect, it } from 'vitest';
import { instructionsHere } from '../../../main/engine/instructions.ts';

const flags = (names: string) => `processor\t: 0\nflags\t\t: fpu avx2 fma ${names}\nbugs\t\t:\n`;
const wide = flags('avx512f avx512vl avx512dq avx512bw');
const on = (
  cpuinfo: string | null,
  environment: Readonly<Record<string, string>> = {},
  arch = 'x64',
) => instructionsHere({ arch, cpuinfo, environment });

it('are the fastest that the system tells of', () => {
  expect(on(wide)).toBe('avx512');
  expect(on(flags('avx512f avx512vl'))).toBe('avx2'); // not all that the kernels need
  expect(on(flags(''))).toBe('avx2');
  expect(on(null)).toBe('avx2');
  expect(on(null, {}, 'arm64')).toBe('neon');
  expect(on(null, {}, 'riscv64')).toBe('scalar');
});

it('are what the environment names', () => {
  expect(on(wide, { ZICO_INSTRUCTIONS: 'avx2' })).toBe('avx2');
  expect(on(wide, { ZICO_INSTRUCTIONS: 'scalar' })).toBe('scalar');
  expect(() => on(wide, { ZICO_INSTRUCTIONS: 'avx1024' })).toThrow(
    /ZICO_INSTRUCTIONS=avx1024 names no instruction set/,
  );
});

it('are no more than oneDNN may take', () => {
  expect(on(wide, { DNNL_MAX_CPU_ISA: 'AVX2' })).toBe('avx2');
  expect(on(wide, { DNNL_MAX_CPU_ISA: 'sse41' })).toBe('avx2');
  expect(on(wide, { DNNL_MAX_CPU_ISA: 'AVX512_CORE_VNNI' })).toBe('avx512');
  expect(on(wide, { DNNL_MAX_CPU_ISA: 'ALL' })).toBe('avx512');
});
