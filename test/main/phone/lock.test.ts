import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockPhone, makeOwnFolder } from '../../../main/phone/lock.ts';

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
  });

  it('lies in a folder of this user alone: not behind a link, nor where others may write', () => {
    const place = path.join(folder, 'locks');
    const refused = expect.objectContaining({ code: 'lock-folder-unsafe' }) as Error;
    makeOwnFolder(place);
    makeOwnFolder(place);
    expect(statSync(place).mode & 0o777).toBe(0o700);
    chmodSync(place, 0o777);
    expect(() => makeOwnFolder(place)).toThrow(refused);
    const elsewhere = path.join(folder, 'elsewhere');
    mkdirSync(elsewhere);
    for (const [name, target] of [
      ['to-folder', elsewhere],
      ['to-nothing', path.join(folder, 'nothing')],
    ] as const) {
      symlinkSync(target, path.join(folder, name));
      expect(() => makeOwnFolder(path.join(folder, name))).toThrow(refused);
    }
    writeFileSync(path.join(folder, 'file'), '');
    expect(() => makeOwnFolder(path.join(folder, 'file'))).toThrow(refused);
    expect(existsSync(path.join(folder, 'nothing'))).toBe(false);
  });

  it.runIf(process.getuid?.() === 0)('does not lie in a folder of somebody else', () => {
    const place = path.join(folder, 'theirs');
    mkdirSync(place, { mode: 0o700 });
    chownSync(place, 65534, 65534);
    expect(() => makeOwnFolder(place)).toThrow(/belongs to another user/);
  });
});
