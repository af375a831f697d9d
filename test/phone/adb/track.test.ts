/** Who is plugged in, through the real adb server; and `zico phones` in a process of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { nodeProcesses } from '../../../main/child/node-process.ts';
import { choosePhone } from '../../../main/phone/adb/choose.ts';
import { Phones } from '../../../main/phone/phones.ts';
import { startAdbServer, type AdbServer } from '../adb-server.ts';
import { startPhone, type Phone } from '../phone.ts';

const main = path.join(import.meta.dirname, '../../../main');
const entry = path.join(main, 'phone/adb/child.ts');

let server: AdbServer;
let exynos: Phone;
let snapdragon: Phone;
let phones: Phones;

beforeAll(async () => {
  server = await startAdbServer();
  exynos = await startPhone({ server });
  snapdragon = await startPhone({ server, model: 'SM-G973U', secure: true, unplugged: true });
  // Children start servers, which take their keys from here.
  vi.stubEnv('HOME', server.home);
  vi.stubEnv('ADB_LOCAL_TRANSPORT_MAX_PORT', '5553');
  phones = new Phones({ processes: nodeProcesses, entry, environment: server.env });
});

afterAll(async () => {
  await phones.close();
  await exynos.stop();
  await snapdragon.stop();
  await server.stop();
  vi.unstubAllEnvs();
});

/** The states that are listed, once they are these. */
async function states(expected: Readonly<Record<string, string>>): Promise<void> {
  await expect
    .poll(() => Object.fromEntries(phones.state.phones.map((one) => [one.serial, one.state])), {
      timeout: 15_000,
    })
    .toEqual(expected);
}

async function zico(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<{ code: number; stdout: string }> {
  const child = spawn(process.execPath, [path.join(main, 'cli.ts'), ...args], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let stdout = '';
  child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
  const [code] = (await once(child, 'close')) as [number];
  return { code, stdout };
}

describe('the phones that are plugged in', () => {
  it('are listed, and followed as they come, are allowed and go', async () => {
    expect(await phones.list()).toEqual([{ serial: exynos.address, state: 'ready' }]);
    const stop = phones.onChange(() => undefined);
    await snapdragon.plug();
    await states({ [exynos.address]: 'ready', [snapdragon.address]: 'unauthorized' });
    expect(() => choosePhone(phones.state.phones, snapdragon.address)).toThrow(
      expect.objectContaining({ code: 'phone-unauthorized' }),
    );
    await snapdragon.authorise();
    await states({ [exynos.address]: 'ready', [snapdragon.address]: 'ready' });
    await exynos.unplug();
    await states({ [snapdragon.address]: 'ready' });
    stop();
  });

  it('are followed by another adb server when this one is killed', async () => {
    await server.kill();
    // The tracking child starts one itself; a phone by TCP has to be plugged in again.
    await states({});
    await expect.poll(() => exynos.plug().catch(() => 'none'), { timeout: 15_000 }).toBe('device');
    await states({ [exynos.address]: 'ready' });
    await snapdragon.plug();
    await states({ [exynos.address]: 'ready', [snapdragon.address]: 'ready' });
  });

  it('lose one device child without the others', async () => {
    const [one, other] = await Promise.all([
      phones.device(exynos.address),
      phones.device(snapdragon.address),
    ]);
    const { stdout } = await one.shell('echo here');
    expect(stdout).toBe('here\n');
    const crashing = one.shell('sleep 30');
    crashing.catch(() => undefined);
    const working = other.shell('sleep 2; echo done');
    const pid = phones.processOf(exynos.address);
    process.kill(pid ?? NaN, 'SIGKILL');
    await expect(crashing).rejects.toMatchObject({ code: 'phone-gone' });
    expect((await working).stdout).toBe('done\n');
    expect((await one.shell('echo again')).stdout).toBe('again\n');
  });
});

describe('zico phones', () => {
  it('tells what each phone is and how it does', async () => {
    exynos.heat(41);
    const { code, stdout } = await zico(['phones', '--json'], server.env);
    exynos.cool();
    expect(code).toBe(0);
    const listed = JSON.parse(stdout) as { serial: string }[];
    expect(listed.find(({ serial }) => serial === exynos.address)).toMatchObject({
      state: 'ready',
      model: 'SM-G973F',
      chip: 'Exynos 9820',
      android: '12',
      sdk: 31,
      abi: 'arm64-v8a',
      serialNumber: exynos.serial,
      clusters: [{ mask: 0x0f }, { mask: 0x30 }, { mask: 0xc0 }],
      conditions: { batteryC: 41, batteryLevel: 88, thermalStatus: 1, screen: 'awake' },
      problem: null,
      noRunner: null,
      runner: {
        ...{ name: 'ort-glibc-cpu', proof: 'output-sum' },
        refused: [{ name: 'ort-android-cpu' }],
      },
    });
    expect(listed.find(({ serial }) => serial === snapdragon.address)).toMatchObject({
      chip: 'Snapdragon 855',
      clusters: [{ mask: 0x0f }, { mask: 0x70 }, { mask: 0x80 }],
    });
  });

  it('says what to do where there is no adb, and where another program holds the port', async () => {
    const none = { ...server.env, PATH: '/nowhere', ANDROID_HOME: '', ANDROID_SDK_ROOT: '' };
    const missing = await zico(['phones', '--json'], none);
    expect([missing.code, JSON.parse(missing.stdout)]).toMatchObject([
      2,
      { error: { code: 'adb-missing' } },
    ]);
    const answer = (reply: string) =>
      net.createServer((socket) => {
        socket.on('error', () => undefined);
        socket.once('data', () => socket.end(reply));
      });
    for (const [reply, code] of [
      ['OKAY00040001', 'adb-version-conflict'],
      ['HTTP/1.1 400', 'adb-server'],
    ] as const) {
      const impostor = answer(reply).listen(0, '127.0.0.1');
      await once(impostor, 'listening');
      const port = String((impostor.address() as net.AddressInfo).port);
      const refused = await zico(['phones', '--json'], {
        ...server.env,
        ANDROID_ADB_SERVER_PORT: port,
      });
      expect(JSON.parse(refused.stdout)).toMatchObject({ error: { code } });
      impostor.close();
    }
  });
});
