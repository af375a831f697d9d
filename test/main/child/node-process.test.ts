import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { fixture, isAlive, supervised, temporaryFolder } from './children.ts';

/** Starts the parent, waits for its child's process id, and kills the parent the hard way. */
async function orphanOf(
  habit: 'idle' | 'busy' | 'answers',
  said: number | 'ignore' = 'ignore',
): Promise<number> {
  const parent = spawn(process.execPath, [fixture('parent.ts'), habit], {
    stdio: ['ignore', 'pipe', said],
  });
  onTestFinished(() => void parent.kill('SIGKILL'));
  const [line] = (await once(parent.stdout as Readable, 'data')) as [Buffer];
  const pid = Number(String(line));
  expect(isAlive(pid)).toBe(true);
  parent.kill('SIGKILL');
  await once(parent, 'exit');
  return pid;
}

describe('a child of plain Node', () => {
  it('ends when its parent is killed', async () => {
    const pid = await orphanOf('idle');
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false));
  });

  it('ends when its parent is killed while it computes, however long that would take', async () => {
    const pid = await orphanOf('busy');
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false));
  });

  it('has nothing to complain of when its parent is killed before it answers', async () => {
    const file = path.join(temporaryFolder(), 'said');
    const said = openSync(file, 'w');
    onTestFinished(() => closeSync(said));
    const pid = await orphanOf('answers', said);
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false));
    expect(readFileSync(file, 'utf8')).toBe('');
  });

  it('reports nothing to the makers of onnxruntime', async () => {
    vi.stubEnv('ORT_DISABLE_TELEMETRY', undefined);
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(await supervised().request('environment', 'ORT_DISABLE_TELEMETRY')).toBe('1');
  });

  it('computes with the allocator settings that suit it', async () => {
    expect(await supervised().request('environment', 'MALLOC_ARENA_MAX')).toBe('1');
  });
});
