/** What is said where the fast engine cannot be built. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { buildObstacle, compiler } from '../../../../main/engine/onednn/prerequisites.ts';

let headers: string;
beforeEach(() => {
  headers = mkdtempSync(path.join(os.tmpdir(), 'zico-headers-'));
  vi.stubEnv('CPATH', headers);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(headers, { recursive: true });
});

describe('what stands in the way of building the fast engine', () => {
  it('is a compiler that is not there', () => {
    expect(buildObstacle('no-such-compiler')).toBe('there is no C++ compiler (no-such-compiler)');
  });

  const hasCompiler = spawnSync(compiler, ['--version']).error === undefined;
  it.skipIf(!hasCompiler).each([
    [3, 4, 'it needs oneDNN 2.x, and 3.4 is installed'],
    [2, 7, null],
  ])('is oneDNN of another interface: %i.%i', (major, minor, obstacle) => {
    const text = `#define DNNL_VERSION_MAJOR ${major}\n#define DNNL_VERSION_MINOR ${minor}\n`;
    writeFileSync(path.join(headers, 'dnnl_version.h'), text);
    expect(buildObstacle()).toBe(obstacle);
  });
});
