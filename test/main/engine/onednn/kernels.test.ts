/** The engine's own vector code, in each set of instructions that this processor has. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, vi } from 'vitest';
import { builtVersion } from '../../../../main/engine/onednn/addon.ts';
import { kernelCases } from '../../../support/native-kernels.ts';

vi.setConfig({ testTimeout: 120_000 });

const program = path.join(import.meta.dirname, '../../../support/native-kernels.ts');
const count = 12;

/** The add-on's own kernels, and the most that oneDNN may take, which decides its layouts. */
const sets = [
  ['avx512', 'AVX512_CORE'],
  ['avx2', 'AVX2'],
  ['scalar', 'SSE41'],
] as const;

describe.skipIf(builtVersion() === null)('gradients of the vector kernels are right', () => {
  it.each(sets)('with the instructions %s', async (own, library) => {
    const env = { ...process.env, ZICO_INSTRUCTIONS: own, DNNL_MAX_CPU_ISA: library };
    const run = promisify(execFile)(process.execPath, [program, String(count)], { env });
    const { stdout } = await run.catch((error: unknown) => {
      // A processor without AVX-512 says so; everything else is a failure.
      const lacking = String(error).includes('this processor has no instructions');
      if (own === 'avx512' && lacking) return { stdout: null };
      throw error;
    });
    if (stdout === null) return;
    const report = JSON.parse(stdout) as Record<string, number[]>;
    expect(Object.keys(report)).toEqual(Object.keys(kernelCases));
    for (const [name, errors] of Object.entries(report)) {
      expect(errors).toHaveLength(count);
      expect(Math.max(...errors), name).toBeLessThan(1e-4);
    }
  });
});
