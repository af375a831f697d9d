import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockPhone } from '../../../main/phone/lock.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'zico-lock-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const module = path.join(import.meta.dirname, '../../../main/phone/lock.ts');
const node = path.join(import.meta.dirname, '../../../node_modules/.bin/node');

/** Another program that holds a phone until it is killed. */
async function holder(phone: string) {
  const script = `
    const { lockPhone } = await import(${JSON.stringify(module)});
    lockPhone(${JSON.stringify(phone)}, 'their.zico', ${JSON.stringify(folder)});
    console.log('held');
    setInterval(() => {}, 1000);`;
  const child = spawn(node, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return child;
}

describe('the lock on a phone', () => {
  it('lets one in, tells the second who has it, and is free again afterwards', () => {
    const lock = lockPhone('R58M0', 'mine.zico', folder);
    expect(() => lockPhone('R58M0', 'second.zico', folder)).toThrow(
      expect.objectContaining({
        code: 'phone-in-use',
        message: expect.stringContaining('mine.zico') as string,
      }),
    );
    const other = lockPhone('R58M1', 'other.zico', folder);
    other.release();
    lock.release();
    lock.release();
    lockPhone('R58M0', 'second.zico', folder).release();
  });

  it('holds between programs, and goes with one that is killed', async () => {
    const child = await holder('R58M0');
    expect(() => lockPhone('R58M0', 'mine.zico', folder)).toThrow(/their\.zico/);
    child.kill('SIGKILL');
    await once(child, 'exit');
    lockPhone('R58M0', 'mine.zico', folder).release();
  }, 30_000);
});
