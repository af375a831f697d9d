import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, vi } from 'vitest';

/** Each test of a file gets a folder of its own, in which `state` is where commands keep scores; the paths in it. */
export function ownStateFolder(): (name: string) => string {
  let folder: string;
  const at = (name: string) => path.join(folder, name);
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'zico-cli-'));
    vi.stubEnv('ZICO_STATE_FOLDER', at('state'));
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true });
  });
  return at;
}
