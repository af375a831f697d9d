/** A phone's commands and files through the real adb server and the real adbd. */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { nodeProcesses } from '../../../main/child/node-process.ts';
import type { Device } from '../../../main/phone/device.ts';
import { Phones } from '../../../main/phone/phones.ts';
import { startAdbServer, type AdbServer } from '../adb-server.ts';
import { startPhone, type Phone } from '../phone.ts';

const entry = path.join(import.meta.dirname, '../../../main/phone/adb/child.ts');
const room = 64 * 1024 ** 2;

let server: AdbServer;
let phone: Phone;
let phones: Phones;
let device: Device;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'zico-device-'));
  server = await startAdbServer();
  phone = await startPhone({ server, dataBytes: room });
  phones = new Phones({ processes: nodeProcesses, entry, environment: server.env });
  device = await phones.device(phone.address);
});

afterAll(async () => {
  await phones.close();
  await phone.stop();
  await server.stop();
  rmSync(folder, { recursive: true });
});

beforeEach(async () => {
  await phone.plug();
});

function localFile(bytes: number): { file: string; sha256: string } {
  const data = randomBytes(bytes);
  const file = path.join(folder, 'local');
  writeFileSync(file, data);
  return { file, sha256: createHash('sha256').update(data).digest('hex') };
}

const remote = '/data/local/tmp/model.onnx';
const listed = async () => (await device.shell('ls -A /data/local/tmp')).stdout;

describe('a command', () => {
  it('has an exit code and two streams', async () => {
    expect(await device.shell('echo out; echo err >&2; exit 7')).toEqual({
      exitCode: 7,
      stdout: 'out\n',
      stderr: 'err\n',
    });
  });

  it('may print much and run beside others', async () => {
    const [large, small] = await Promise.all([
      device.shell('head -c 3000000 /dev/zero'),
      device.shell('echo small'),
    ]);
    expect(large.stdout.length).toBe(3_000_000);
    expect(small.stdout).toBe('small\n');
  });

  it('ends with its time', async () => {
    const started = performance.now();
    await expect(device.shell('sleep 60', { timeoutMs: 300 })).rejects.toMatchObject({
      code: 'phone-timeout',
      message: expect.stringContaining('0.3 s') as string,
    });
    expect(performance.now() - started).toBeLessThan(3000);
    expect((await device.shell('echo well')).stdout).toBe('well\n');
  });

  it('can be given up', async () => {
    const end = new AbortController();
    const command = device.shell('sleep 60', { signal: end.signal });
    setTimeout(() => end.abort(), 100);
    await expect(command).rejects.toThrow(/abort/i);
  });

  it('fails when the cable is pulled', async () => {
    const command = device.shell('echo begun; sleep 60');
    command.catch(() => undefined);
    await sleep(300);
    await phone.unplug();
    await expect(command).rejects.toMatchObject({ code: 'phone-gone' });
    await expect(device.shell('echo')).rejects.toMatchObject({ code: 'phone-gone' });
  });

  it('fails when the adb server is killed, and works again', async () => {
    const command = device.shell('sleep 60');
    command.catch(() => undefined);
    await sleep(300);
    await server.kill();
    await expect(command).rejects.toMatchObject({ code: 'phone-gone' });
    await server.start();
    await phone.plug();
    expect((await device.shell('echo back')).stdout).toBe('back\n');
  });

  it('ends at a cable through which nothing passes', async () => {
    phone.cable.stall();
    await expect(device.shell('echo', { timeoutMs: 500 })).rejects.toMatchObject({
      code: 'phone-timeout',
    });
    phone.cable.restore();
  });
});

describe('a pushed file', () => {
  it('arrives whole, with its mode, and says how far it is', async () => {
    const { file, sha256 } = localFile(5_000_001);
    const steps: number[] = [];
    const sent = await device.push(file, remote, {
      mode: 0o755,
      onProgress: (bytes, total) => {
        expect(total).toBe(5_000_001);
        steps.push(bytes);
      },
    });
    expect(sent).toEqual({ bytes: 5_000_001, sha256 });
    expect(steps.at(-1)).toBe(5_000_001);
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
    expect((await device.shell(`stat -c %a:%s ${remote}; sha256sum ${remote}`)).stdout).toBe(
      `755:5000001\n${sha256}  ${remote}\n`,
    );
    expect(await listed()).toBe('model.onnx\n');
  });

  it('may be empty and have a name that a shell would split', async () => {
    const { file } = localFile(0);
    const name = "/data/local/tmp/it's a $name";
    await device.push(file, name);
    expect(await listed()).toContain("it's a $name\n");
    await device.shell('rm -f /data/local/tmp/*');
  });

  it('is given up without a trace', async () => {
    const { file } = localFile(20_000_000);
    phone.cable.throttle(2_000_000);
    const end = new AbortController();
    const push = device.push(file, remote, {
      signal: end.signal,
      onProgress: (bytes) => {
        if (bytes > 2_000_000) end.abort();
      },
    });
    await expect(push).rejects.toThrow(/abort/i);
    phone.cable.restore();
    await expect.poll(listed, { timeout: 10_000 }).toBe('');
  });

  it('fails when the phone restarts, and its part is gone with the next one', async () => {
    await device.shell('rm -f /data/local/tmp/*');
    const { file, sha256 } = localFile(20_000_000);
    phone.cable.throttle(4_000_000);
    let restart: Promise<void> = Promise.resolve();
    let restarting = false;
    const push = device.push(file, remote, {
      onProgress: (bytes) => {
        if (bytes < 4_000_000 || restarting) return;
        restarting = true;
        restart = phone.reboot();
      },
    });
    await expect(push).rejects.toMatchObject({ code: 'phone-gone' });
    phone.cable.throttle(Infinity);
    await restart;
    // Taken away already where the phone was back before that was given up.
    expect(['model.onnx.part\n', '']).toContain(await listed());
    await device.push(file, '/data/local/tmp/other');
    expect(await listed()).toBe('other\n');
    expect((await device.push(file, remote)).sha256).toBe(sha256);
  });

  it('ends at a cable through which nothing passes', async () => {
    const { file } = localFile(20_000_000);
    phone.cable.stall();
    await expect(device.push(file, remote, { timeoutMs: 700 })).rejects.toMatchObject({
      code: 'phone-timeout',
    });
    phone.cable.restore();
  });

  it('needs room', async () => {
    await device.shell('rm -f /data/local/tmp/*');
    const { file } = localFile(room + 1_000_000);
    await expect(device.push(file, remote)).rejects.toMatchObject({ code: 'phone-storage-full' });
    expect(await listed()).toBe('');
  });

  it('needs a folder on the phone and a file here', async () => {
    const { file } = localFile(10);
    await expect(device.push(file, '/proc/nothing/here')).rejects.toMatchObject({
      code: 'phone-push',
    });
    await expect(device.push(path.join(folder, 'none'), remote)).rejects.toMatchObject({
      code: 'phone-push',
      message: expect.stringContaining('ENOENT') as string,
    });
  });
});

describe('a pulled file', () => {
  it('is what lies on the phone', async () => {
    const { file } = localFile(3_000_000);
    await device.push(file, remote);
    const copy = path.join(folder, 'copy');
    await device.pull(remote, copy);
    expect(readFileSync(copy).equals(readFileSync(file))).toBe(true);
  });

  it('that is missing leaves nothing here', async () => {
    const copy = path.join(folder, 'nothing');
    await expect(device.pull('/data/local/tmp/none', copy)).rejects.toMatchObject({
      code: 'phone-file-missing',
    });
    expect(existsSync(copy) || existsSync(`${copy}.part`)).toBe(false);
  });
});
