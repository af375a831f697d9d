/** The add-on built with the sanitizers for addresses and undefined behaviour computes the golden networks. */
import { execFile, execFileSync } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { builtVersion } from '../../../../main/engine/onednn/addon.ts';
import { goldenNames } from '../../../support/golden.ts';
import type { WinogradReport } from '../../../support/native-winograd.ts';

const run = promisify(execFile);
const root = path.join(import.meta.dirname, '../../../..');
const support = (file: string) => path.join(root, 'test/support', file);
const possible = builtVersion() !== null && process.platform === 'linux';

describe.skipIf(!possible)('the sanitizers find nothing', () => {
  it('in the golden networks, batches at once among them, in the vector kernels and in Winograd’s convolutions', async () => {
    const build = path.join(root, 'main/engine/onednn/build.ts');
    await run(process.execPath, [build, '--sanitize']);
    const compiler = process.env['CXX'] ?? 'g++';
    const library = execFileSync(compiler, ['-print-file-name=libasan.so'], { encoding: 'utf8' });
    const env = {
      ...process.env,
      LD_PRELOAD: library.trim(),
      // Node keeps memory until it ends. A shared object of ours has no other place for its leaks.
      ASAN_OPTIONS: 'detect_leaks=0',
      UBSAN_OPTIONS: 'print_stacktrace=1',
      ZICO_NATIVE_BUILD: 'native-sanitized',
    };
    const golden = await run(process.execPath, [support('native-golden.ts')], { env });
    const deviations = JSON.parse(golden.stdout) as Record<string, number>;
    expect(Object.keys(deviations)).toHaveLength(4 * goldenNames.length);
    expect(Math.max(...Object.values(deviations))).toBeLessThan(1e-4);
    for (const ZICO_INSTRUCTIONS of [undefined, 'avx2', 'scalar']) {
      const own = ZICO_INSTRUCTIONS === undefined ? env : { ...env, ZICO_INSTRUCTIONS };
      const kernels = await run(process.execPath, [support('native-kernels.ts'), '4'], {
        env: own,
      });
      const errors = Object.values(JSON.parse(kernels.stdout) as Record<string, number[]>).flat();
      expect(errors.length).toBeGreaterThan(8);
      expect(Math.max(...errors)).toBeLessThan(1e-4);
      const winograd = await run(process.execPath, [support('native-winograd.ts'), '12'], {
        env: own,
      });
      const { taken } = JSON.parse(winograd.stdout) as { taken: WinogradReport };
      expect(taken.errors).toHaveLength(12);
      expect(Math.max(...taken.errors)).toBeLessThan(1e-4);
    }
  }, 1_800_000);
});
