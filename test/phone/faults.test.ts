/** What can go wrong with a phone, and that it really does. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startAdbServer, type AdbServer, type CommandResult } from './adb-server.ts';
import { removePhoneFiles } from './emulator/files.ts';
import { Machine } from './emulator/machine.ts';
import { startPhone, type Phone } from './phone.ts';
import { checkRequirements } from './requirements.ts';

let scratch: string;
let big: string;
let server: AdbServer;
let phone: Phone;

beforeAll(async () => {
  scratch = mkdtempSync(path.join(os.tmpdir(), 'zico-faults-'));
  big = path.join(scratch, 'big');
  writeFileSync(big, Buffer.alloc(20_000_000, 'big'));
  server = await startAdbServer();
  phone = await startPhone({ server });
});

afterEach(async () => {
  await phone.plug();
});

afterAll(async () => {
  await phone.stop();
  await server.stop();
  rmSync(scratch, { recursive: true });
});

function adb(...args: readonly string[]): Promise<CommandResult> {
  return server.adb('-s', phone.address, ...args);
}

async function listed(): Promise<string> {
  return (await server.adb('devices')).stdout;
}

/** Processes of this computer whose command line, or root folder, names `text`. */
function processesOf(text: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(text);
    } catch {
      return false;
    }
  });
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 1000; tries++) {
    if (await condition()) return;
    await sleep(20);
  }
  expect.fail('It did not come true in 20 s.');
}

describe('the cable', () => {
  it('out: the server forgets the phone at once; in: it is back', async () => {
    const running = adb('shell', 'echo begun; sleep 60; echo ended');
    await sleep(500);
    await phone.unplug();
    // The command line says 0 here: whoever needs to know must see that no exit code came.
    expect((await running).stdout).toBe('begun\n');
    expect(await listed()).not.toContain(phone.address);
    expect(await phone.plug()).toBe('device');
    expect((await adb('shell', 'echo back')).stdout).toBe('back\n');
  });

  it('cut in the middle of a push: the push fails', async () => {
    phone.cable.throttle(20_000_000);
    const pushing = adb('push', big, '/data/local/tmp/big');
    await sleep(400);
    phone.cable.cut();
    const { exitCode } = await pushing;
    expect(exitCode).not.toBe(0);
    await phone.plug();
    const { stdout } = await adb('shell', 'stat -c %s /data/local/tmp/big');
    expect(Number(stdout)).toBeLessThan(20_000_000);
  });

  it('stalled: a push neither ends nor fails until it is over', async () => {
    phone.cable.throttle(20_000_000);
    const pushing = adb('push', big, '/data/local/tmp/big');
    await sleep(200);
    phone.cable.stall();
    const first = await Promise.race([pushing, sleep(2000, 'nothing')]);
    expect(first).toBe('nothing');
    phone.cable.restore();
    expect((await pushing).exitCode).toBe(0);
    expect((await adb('shell', 'stat -c %s /data/local/tmp/big')).stdout).toBe('20000000\n');
  });

  it('slow: a push takes as long as its bytes do', async () => {
    phone.cable.throttle(10_000_000);
    const startedMs = performance.now();
    expect((await adb('push', big, '/data/local/tmp/big')).exitCode).toBe(0);
    expect(performance.now() - startedMs).toBeGreaterThan(1900);
  });
});

describe('the phone', () => {
  it('rebooted: what ran is gone, what was stored is there, the screen is locked', async () => {
    await adb('shell', 'echo kept >/data/local/tmp/kept');
    const running = adb('shell', 'echo begun; sleep 60; echo ended');
    await sleep(500);
    await phone.reboot();
    expect((await running).stdout).toBe('begun\n');
    expect((await adb('shell', 'cat /data/local/tmp/kept')).stdout).toBe('kept\n');
    expect((await adb('shell', 'ps -A -o NAME')).stdout).not.toContain('sleep');
    expect((await adb('shell', 'dumpsys window')).stdout).toContain('showing=true');
  });

  it('full and rebooted: still full', async () => {
    await phone.fillDisk();
    await phone.reboot();
    const { stdout, stderr } = await adb('push', big, '/data/local/tmp/more');
    expect(stdout + stderr).toContain('No space left on device');
    await phone.freeDisk();
  });
});

describe('the adb server', () => {
  it('killed: any client starts it again, and the phone can be plugged in again', async () => {
    await server.kill();
    await expect(phone.plug()).rejects.toThrow();
    // The command line starts a server of its own when there is none.
    expect((await server.adb('devices')).exitCode).toBe(0);
    await phone.plug();
    expect((await adb('shell', 'echo again')).stdout).toBe('again\n');
    await server.kill();
    await until(() => processesOf(`tcp:${server.port}`).length === 0);
    await server.start();
  });
});

describe('nothing is left', () => {
  it('of a phone that was stopped', async () => {
    const short = await startPhone({ server });
    const port = short.cable.port;
    expect(processesOf(short.root).length).toBeGreaterThan(0);
    await short.stop();
    expect(processesOf(short.root)).toEqual([]);
    expect(existsSync(short.root)).toBe(false);
    expect(readFileSync('/proc/self/mounts', 'utf8')).not.toContain(short.root);
    const refused = net.connect(port, '127.0.0.1');
    const [error] = (await once(refused, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNREFUSED');
    expect(await listed()).not.toContain(short.address);
  });

  it('running of a phone whose owner was killed, nor of its adb server', async () => {
    const script = `
      const { startAdbServer } = await import(${JSON.stringify(path.join(import.meta.dirname, 'adb-server.ts'))});
      const { startPhone } = await import(${JSON.stringify(path.join(import.meta.dirname, 'phone.ts'))});
      const server = await startAdbServer();
      const phone = await startPhone({ server });
      console.log(JSON.stringify({ root: phone.root, home: server.home, port: server.port }));
      setInterval(() => {}, 1000);`;
    const node = path.join(import.meta.dirname, '../../node_modules/.bin/node');
    const owner = spawn(node, ['--input-type=module', '--eval', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(owner.stdout, 'data')) as [Buffer];
    const left = JSON.parse(line.toString()) as { root: string; home: string; port: number };
    expect(processesOf(left.root).length).toBeGreaterThan(0);
    owner.kill('SIGKILL');
    await until(() => processesOf(left.root).length === 0);
    await until(() => processesOf(`-P\0${left.port}`).length === 0);
    rmSync(left.home, { recursive: true });
    // Only files remain; a folder that cannot be listed is among them.
    removePhoneFiles(left.root);
  });
});

describe('a computer that cannot be a phone says why', () => {
  const searchPath = process.env['PATH'];
  afterEach(() => {
    process.env['PATH'] = searchPath;
  });

  it('when packages are missing, with the line that installs them', async () => {
    process.env['PATH'] = scratch;
    const error: unknown = await checkRequirements().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'emulator-packages' });
    const { message, hint } = error as { message: string; hint: string };
    expect(message).toContain('adb');
    expect(hint).toMatch(/^Run: sudo apt-get install -y .*\badb\b.*\bmksh\b.*\btoybox\b/);
  });

  it('when it forbids namespaces', async () => {
    const refusing = path.join(scratch, 'bin');
    mkdirSync(refusing);
    writeFileSync(path.join(refusing, 'unshare'), '#!/bin/sh\necho no way >&2\nexit 1\n', {
      mode: 0o755,
    });
    process.env['PATH'] = `${refusing}:${searchPath}`;
    await expect(Machine.start(phone.root, 1_000_000)).rejects.toMatchObject({
      code: 'emulator-refused',
      message: expect.stringContaining('no way') as string,
      hint: expect.stringContaining('user namespaces') as string,
    });
  });
});
