/** The emulated phone, seen through the adb command line: what tests of the product lean on. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAdbServer, type AdbServer, type CommandResult } from './adb-server.ts';
import { startPhone, type Phone } from './phone.ts';

let server: AdbServer;
/** An Exynos phone that every test leaves as it found it. */
let phone: Phone;
let scratch: string;

beforeAll(async () => {
  scratch = mkdtempSync(path.join(os.tmpdir(), 'zico-phone-test-'));
  server = await startAdbServer();
  phone = await startPhone({ server, serial: 'R58M00F0001' });
});

afterAll(async () => {
  await phone.stop();
  await server.stop();
  rmSync(scratch, { recursive: true });
});

function adb(one: Phone, ...args: readonly string[]): Promise<CommandResult> {
  return server.adb('-s', one.address, ...args);
}

async function shell(one: Phone, command: string): Promise<string> {
  const { stdout, stderr, exitCode } = await adb(one, 'shell', command);
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
  return stdout;
}

async function states(): Promise<Map<string, string>> {
  const { stdout } = await server.adb('devices');
  const lines = stdout.split('\n').filter((line) => line.includes('\t'));
  return new Map(lines.map((line) => line.split('\t') as [string, string]));
}

/** A file of this computer with nothing in it that could be compressed away. */
function file(name: string, bytes: number): string {
  const place = path.join(scratch, name);
  writeFileSync(place, Buffer.alloc(bytes, name));
  return place;
}

describe('its shell', () => {
  it('gives exit code, output and errors apart', async () => {
    expect(await adb(phone, 'shell', 'echo out; echo err >&2; exit 7')).toEqual({
      exitCode: 7,
      stdout: 'out\n',
      stderr: 'err\n',
    });
  });

  it('is the user "shell", among the files of the phone alone', async () => {
    expect(await shell(phone, 'id')).toContain('uid=2000(shell)');
    expect((await shell(phone, 'ls /')).split('\n')).not.toContain('home');
    const programs = (await shell(phone, 'cat /proc/[0-9]*/comm')).trim().split('\n');
    expect(programs[0]).toBe('init');
    // adbd gives its main thread no name; nothing of this computer is among them.
    const others = programs.slice(1).filter((name) => !['', 'adbd', 'sh', 'cat'].includes(name));
    expect(others).toEqual([]);
  });

  it('has no way into a network', async () => {
    const interfaces = (await shell(phone, 'cat /proc/net/dev')).match(/\w+(?=:)/g);
    expect(interfaces).toEqual(['lo']);
  });

  it('runs arm64 programs', async () => {
    const source = path.join(scratch, 'hello.c');
    writeFileSync(
      source,
      '#include <stdio.h>\nint main(int n, char **v) { unsigned long id; __asm__("mov %0, #42" : "=r"(id));\n' +
        ' printf("%lu %s\\n", id, v[1]); return n; }\n',
    );
    const program = path.join(scratch, 'hello');
    execFileSync('aarch64-linux-gnu-gcc', ['-static', '-o', program, source]);
    expect((await adb(phone, 'push', program, '/data/local/tmp/hello')).exitCode).toBe(0);
    const ran = await adb(
      phone,
      'shell',
      'cd /data/local/tmp; chmod 755 hello; ./hello arm; c=$?; rm hello; exit $c',
    );
    expect(ran).toEqual({ exitCode: 2, stdout: '42 arm\n', stderr: '' });
  });

  it('checks masks of cores and notes them', async () => {
    expect(await shell(phone, 'taskset c0 echo pinned')).toBe('pinned\n');
    expect(phone.pinnings().at(-1)).toBe('c0');
    for (const bad of ['0', '100', 'x', '-p']) {
      const { exitCode } = await adb(phone, 'shell', `taskset ${bad} echo pinned`);
      expect([bad, exitCode]).toEqual([bad, 1]);
    }
  });
});

describe('its storage', () => {
  it('keeps what is pushed and gives it back', async () => {
    const sent = file('sent', 5_000_000);
    const back = path.join(scratch, 'back');
    expect((await adb(phone, 'push', sent, '/data/local/tmp/sent')).exitCode).toBe(0);
    expect((await adb(phone, 'pull', '/data/local/tmp/sent', back)).exitCode).toBe(0);
    expect(statSync(back).size).toBe(5_000_000);
    await shell(phone, 'rm /data/local/tmp/sent');
  });

  it('can be full, whatever its size, and has room again', async () => {
    await phone.fillDisk();
    const sent = file('big', 100_000);
    const full = await adb(phone, 'push', sent, '/data/local/tmp/big');
    expect(full.exitCode).toBe(1);
    expect(full.stdout + full.stderr).toContain('No space left on device');
    await phone.freeDisk();
    expect((await adb(phone, 'push', sent, '/data/local/tmp/big')).exitCode).toBe(0);
    await shell(phone, 'rm /data/local/tmp/big');
  });

  it('has the room that was asked for', async () => {
    await using small = await startPhone({ server, dataBytes: 2_000_000 });
    const { stdout, stderr } = await adb(small, 'push', file('3M', 3_000_000), '/data/local/tmp/x');
    expect(stdout + stderr).toContain('No space left on device');
  });
});

describe('its condition', () => {
  it('changes while a program on the phone looks at it, and is never seen half', async () => {
    const seen = shell(
      phone,
      'i=0; while [ $i -lt 3000 ]; do read -r t </sys/class/thermal/thermal_zone0/temp; echo "[$t]"; i=$((i+1)); done | sort | uniq',
    );
    for (let turn = 0; turn < 20; turn++) {
      phone.heat(turn % 2 === 0 ? 41 : 29.5);
      await sleep(10);
    }
    phone.cool();
    const values = (await seen).trim().split('\n');
    expect(values).toEqual(['[45000]', '[56500]']);
  });

  it('shows heat in the battery, the zones and the thermal status', async () => {
    phone.heat(44);
    expect(await shell(phone, 'dumpsys battery')).toContain('temperature: 440\n');
    const thermal = await shell(phone, 'dumpsys thermalservice');
    expect(thermal).toContain('Thermal Status: 2\n');
    expect(thermal).toContain('mValue=44.0, mType=2, mName=BAT');
    phone.thermalStatus(4);
    expect(await shell(phone, 'dumpsys thermalservice')).toContain('Thermal Status: 4\n');
    phone.cool();
    expect(await shell(phone, 'dumpsys battery')).toContain('temperature: 295\n');
    expect(await shell(phone, 'dumpsys thermalservice')).toContain('Thermal Status: 0\n');
  });

  it('shows frequencies, which cores of a cluster share', async () => {
    const now = 'cat /sys/devices/system/cpu/cpu[4-7]/cpufreq/scaling_cur_freq';
    phone.frequency(7, 1_000_000);
    expect(await shell(phone, now)).toBe('2314000\n2314000\n1000000\n1000000\n');
    phone.slow(0.5);
    expect(await shell(phone, now)).toBe('1157000\n1157000\n1365000\n1365000\n');
    phone.cool();
    expect(await shell(phone, now)).toBe('2314000\n2314000\n2730000\n2730000\n');
  });

  it('shows battery and screen', async () => {
    phone.battery(14, 31, false);
    phone.screen('off');
    const battery = await shell(phone, 'dumpsys battery');
    expect(battery).toContain('level: 14\n');
    expect(battery).toContain('USB powered: false\n');
    expect(battery).toContain('status: 3\n');
    expect(await shell(phone, 'dumpsys power')).toContain('mWakefulness=Asleep\n');
    phone.screen('locked');
    expect(await shell(phone, 'dumpsys power')).toContain('mWakefulness=Awake\n');
    expect(await shell(phone, 'dumpsys window')).toContain('showing=true\n');
    phone.battery(88, 29.5, true);
    phone.screen('on');
    expect(await shell(phone, 'dumpsys window')).toContain('showing=false\n');
  });

  it('does not tell which thermal zones there are, only what one of them says', async () => {
    const listed = await adb(phone, 'shell', 'ls /sys/class/thermal');
    expect(listed.exitCode).not.toBe(0);
    expect(listed.stderr).toContain('Permission denied');
    expect(await shell(phone, 'cat /sys/class/thermal/thermal_zone4/type')).toBe('battery\n');
  });
});

describe('its models', () => {
  it('are told apart by what they say of themselves, side by side on one adb server', async () => {
    await using american = await startPhone({ server, model: 'SM-G973U', serial: 'R38M00U0001' });
    const facts = async (one: Phone): Promise<string[]> => {
      const text = await shell(
        one,
        'getprop ro.product.model; getprop ro.serialno; getprop ro.board.platform; getprop ro.product.name; getprop ro.build.fingerprint; ' +
          'getprop ro.build.version.release; uname -m; uname -r; ' +
          'grep "CPU part" /proc/cpuinfo | sort | uniq -c | while read n a b c part; do echo "$n x $part"; done; ' +
          'cat /sys/devices/system/cpu/cpu[0-7]/cpufreq/cpuinfo_max_freq | uniq; cat /sys/devices/system/cpu/cpu7/cpufreq/related_cpus',
      );
      return text.trim().split('\n');
    };
    expect(await facts(phone)).toEqual([
      ...['SM-G973F', 'R58M00F0001', 'exynos9820', 'beyond1ltexx'],
      'samsung/beyond1ltexx/beyond1:12/SP1A.210812.016/G973FXXSGHVK1:user/release-keys',
      ...['12', 'aarch64', '4.14.113'],
      ...['2 x 0x003', '4 x 0xd05', '2 x 0xd0a'],
      ...['1950000', '2314000', '2730000', '6 7'],
    ]);
    expect(await facts(american)).toEqual([
      ...['SM-G973U', 'R38M00U0001', 'msmnile', 'beyond1qltesq'],
      'samsung/beyond1qltesq/beyond1q:12/SP1A.210812.016/G973USQS7IWD3:user/release-keys',
      ...['12', 'aarch64', '4.14.190'],
      ...['4 x 0x804', '4 x 0x805'],
      ...['1785600', '2419200', '2841600', '7'],
    ]);
    american.heat(45);
    expect(await shell(phone, 'dumpsys battery')).toContain('temperature: 295\n');
    const { stdout } = await server.adb('devices', '-l');
    expect(stdout).toContain('model:SM_G973F device:beyond1 ');
    expect(stdout).toContain('model:SM_G973U device:beyond1q ');
  });

  it('never pass for a real phone', async () => {
    expect(await shell(phone, 'getprop ro.zico.emulated')).toBe('1\n');
  });
});

describe('authorisation', () => {
  it('is asked for by a secure phone, given on its screen, and revoked in its settings', async () => {
    await using secure = await startPhone({ server, secure: true });
    expect((await states()).get(secure.address)).toBe('unauthorized');
    expect((await adb(secure, 'shell', 'id')).stderr).toContain('unauthorized');
    await secure.authorise();
    expect(await shell(secure, 'echo in')).toBe('in\n');
    await secure.revoke();
    expect((await states()).get(secure.address)).toBe('unauthorized');
  });
});
