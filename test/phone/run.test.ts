/** `npm run phone` as a person uses it, beside an adb server of the test's own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { startAdbServer, type AdbServer, type CommandResult } from './adb-server.ts';
import { cacheFolder } from './adbd.ts';

let server: AdbServer;
/** A cache of the test's own, with the adbd that was built: phones of the person's own stay as they are. */
let cache: string;

beforeAll(async () => {
  server = await startAdbServer();
  cache = mkdtempSync(path.join(os.tmpdir(), 'zico-phone-cache-'));
  const own = path.join(cache, 'zico-workbench', 'phone');
  mkdirSync(own, { recursive: true });
  cpSync(cacheFolder(), own, {
    recursive: true,
    filter: (file) => path.basename(file) !== 'running',
  });
});

afterEach(async () => {
  await phone('stop', '--all');
});

afterAll(async () => {
  await server.stop();
  rmSync(cache, { recursive: true });
});

async function phone(...args: readonly string[]): Promise<CommandResult> {
  const node = path.join(import.meta.dirname, '../../node_modules/.bin/node');
  const child = spawn(node, [path.join(import.meta.dirname, 'run.ts'), ...args], {
    env: { ...server.env, XDG_CACHE_HOME: cache },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
  child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { exitCode: code ?? -1, stdout, stderr };
}

async function statuses(): Promise<Record<string, unknown>[]> {
  return JSON.parse((await phone('status', '--json')).stdout) as Record<string, unknown>[];
}

it('starts phones, changes them while they run, and leaves nothing when it stops them', async () => {
  const first = await phone('start');
  expect(first).toMatchObject({ exitCode: 0, stderr: '' });
  const address = /adb calls it (127\.0\.0\.1:\d+)\./.exec(first.stdout)?.[1] ?? '';
  expect(first.stdout).toContain(`ANDROID_ADB_SERVER_PORT=${server.port} adb -s ${address} shell`);
  const onPhone = async (command: string): Promise<string> =>
    (await server.adb('-s', address, 'shell', command)).stdout;
  expect(await onPhone('getprop ro.product.model')).toBe('SM-G973F\n');

  expect((await phone('heat', '44')).exitCode).toBe(0);
  expect(await onPhone('dumpsys battery')).toContain('temperature: 440\n');
  expect((await phone('slow')).exitCode).toBe(0);
  expect(await onPhone('cat /sys/devices/system/cpu/cpu7/cpufreq/scaling_cur_freq')).toBe(
    '1365000\n',
  );
  expect((await phone('cool')).exitCode).toBe(0);
  expect(await onPhone('dumpsys battery')).toContain('temperature: 295\n');

  const second = await phone('start', '--model', 'SM-G973U', '--serial', 'R38MTEST', '--secure');
  expect(second.exitCode).toBe(0);
  expect((await phone('start', '--serial', 'R38MTEST')).stderr).toContain('is on already');
  const vague = await phone('unplug');
  expect(vague.exitCode).toBe(1);
  expect(vague.stderr).toContain('Add --serial, one of R38MTEST, R58M00E0001');

  const done = { exitCode: 0, stderr: '' };
  expect(await phone('allow', '--serial', 'R38MTEST')).toMatchObject(done);
  expect(await phone('unplug', '--serial', 'R58M00E0001')).toMatchObject(done);
  // The server lists a phone that went as offline for a moment.
  const devices = async () => (await server.adb('devices')).stdout.trim();
  await expect.poll(devices, { timeout: 10_000 }).not.toContain(address);
  expect(await devices()).toMatch(/127\.0\.0\.1:\d+\tdevice/);
  expect(await statuses()).toMatchObject([
    { serial: 'R38MTEST', model: 'SM-G973U', plugged: true },
    { serial: 'R58M00E0001', model: 'SM-G973F', plugged: false, celsius: 29.5 },
  ]);
  const holders = (await statuses()).map(({ pid }) => String(pid));

  expect(await phone('plug', '--serial', 'R58M00E0001')).toMatchObject({
    ...done,
    stdout: 'device\n',
  });
  expect((await phone('stop', '--all')).stdout).toBe('R38MTEST is off.\nR58M00E0001 is off.\n');
  expect(await statuses()).toEqual([]);
  await expect.poll(devices, { timeout: 10_000 }).toBe('List of devices attached');
  const alive = holders.filter(
    (pid) =>
      existsSync(`/proc/${pid}`) && readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ')[2] !== 'Z',
  );
  expect(alive).toEqual([]);
}, 240_000);

it('says what is wrong and what to do', async () => {
  const cases: [readonly string[], string][] = [
    [['heat'], 'No phone is on.\nStart one: npm run phone -- start\n'],
    [['warm'], 'No such command: warm\nnpm run phone -- help\n'],
    [['start', '--model', 'S9'], 'There is no model S9.\nThere are SM-G973F and SM-G973U.\n'],
    [['start', '--color', 'red'], "Unknown option '--color'.\nnpm run phone -- help\n"],
    [['start', '--storage', '0'], '--storage 0 does not fit.\nIt takes megabytes.\n'],
  ];
  for (const [args, stderr] of cases) {
    expect(await phone(...args)).toEqual({ exitCode: 1, stdout: '', stderr });
  }
}, 120_000);
