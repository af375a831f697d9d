import { readdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { demo } from '../../main/cli/commands/farm-demo.ts';
import type { CliEnvironment } from '../../main/cli/environment.ts';
import { redisServer } from '../support/redis.ts';

const [, program] = process.argv;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'zico-demo-test-'));
  vi.stubEnv('TMPDIR', folder);
  process.argv[1] = path.join(folder, 'nothing.js');
});
afterEach(() => {
  process.argv[1] = program!;
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

describe.skipIf(redisServer === null)('the demonstration of a farm', () => {
  it('starts nothing where it is interrupted while Redis starts or its folder is made', async () => {
    const controller = new AbortController();
    const interrupted = controller.signal;
    let said = '';
    const stderr = { write: (text: string) => (said += text), isTTY: false, columns: () => 80 };
    const environment = { stderr, stdout: () => undefined, interrupted } as unknown;
    const demonstrated = demo({ candidates: 1 }, environment as CliEnvironment);
    controller.abort();
    await expect(demonstrated).rejects.toThrow(/abort/i);
    expect(said).toBe('');
    expect(readdirSync(folder)).toEqual([]);
  });
});
