import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { adbPlaces, findAdb, serverPort } from '../../../../main/phone/adb/find-adb.ts';
import { parseVersion } from '../../../../main/phone/adb/server.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'zico-find-adb-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function program(...parts: string[]): string {
  const file = path.join(folder, ...parts);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, '#!/bin/sh\n');
  chmodSync(file, 0o755);
  return file;
}

const platform = 'linux';

describe('adb', () => {
  it('is taken from PATH before the SDK, and from the SDK where PATH has none', async () => {
    const sdk = program('sdk', 'platform-tools', 'adb');
    const environment = { PATH: path.join(folder, 'bin'), ANDROID_HOME: path.join(folder, 'sdk') };
    expect(await findAdb({ environment, platform })).toBe(sdk);
    const onPath = program('bin', 'adb');
    expect(await findAdb({ environment, platform })).toBe(onPath);
    const old = { PATH: '', ANDROID_SDK_ROOT: path.join(folder, 'sdk') };
    expect(await findAdb({ environment: old, platform })).toBe(sdk);
  });

  it('is the one that was named, and no other', async () => {
    program('bin', 'adb');
    const environment = { PATH: path.join(folder, 'bin') };
    const mine = program('mine');
    expect(await findAdb({ file: mine, environment, platform })).toBe(mine);
    await expect(
      findAdb({ file: path.join(folder, 'none'), environment, platform }),
    ).rejects.toMatchObject({ code: 'adb-unusable' });
  });

  it('that is nowhere is named with the places and the cure', async () => {
    mkdirSync(path.join(folder, 'adb')); // a folder is no program
    await expect(findAdb({ environment: { PATH: folder }, platform })).rejects.toMatchObject({
      code: 'adb-missing',
      message: expect.stringContaining(folder) as string,
      hint: expect.stringContaining('sudo apt install adb') as string,
    });
  });

  it('has another name on Windows', () => {
    expect(
      adbPlaces({
        environment: { Path: 'C:\\a;C:\\b', ANDROID_HOME: 'C:\\sdk' },
        platform: 'win32',
      }),
    ).toEqual(['C:\\a\\adb.exe', 'C:\\b\\adb.exe', 'C:\\sdk\\platform-tools\\adb.exe']);
  });
});

describe('its server', () => {
  it.each([
    [undefined, 5037],
    ['5961', 5961],
    ['', 5037],
    ['none', 5037],
    ['70000', 5037],
  ])('listens where ANDROID_ADB_SERVER_PORT=%s says: %i', (text, port) => {
    expect(serverPort({ ANDROID_ADB_SERVER_PORT: text })).toBe(port);
  });

  it('compares the last part of the version', () => {
    const text =
      'Android Debug Bridge version 1.0.41\nVersion 34.0.4-debian\nInstalled as /usr/bin/adb\n';
    expect(parseVersion(text)).toBe(41);
    expect(parseVersion('something else')).toBeNull();
  });
});
