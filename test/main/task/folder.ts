/** A folder for each test, emptied after it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect } from 'vitest';
import { putInto, type Put } from '../../support/data.ts';

export interface TestFolder {
  path: string;
  put: Put;
}

/** Its fields change from test to test. A large one takes its time to remove. */
export function testFolder(removeLimitMs = 10_000): TestFolder {
  const folder: TestFolder = { path: '', put: () => Promise.reject(new Error('no test runs')) };
  beforeEach(async () => {
    folder.path = await mkdtemp(path.join(tmpdir(), 'zico-data-'));
    folder.put = putInto(folder.path);
  });
  afterEach(() => rm(folder.path, { recursive: true }), removeLimitMs);
  return folder;
}

export const code = (value: string): Error => expect.objectContaining({ code: value }) as Error;
