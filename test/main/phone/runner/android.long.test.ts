/**
 * The runner for Android as far as it can be looked at without Android: its file, and a run on a shim that gives
 * glibc's functions bionic's names. That it runs on a phone is unverified.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readBundle, type RunnerBundle } from '../../../../main/phone/runner/bundles.ts';
import { arm64, processorsIn } from '../../../support/arm64.ts';
import { selfTest } from '../../../../main/phone/runners/self-test.ts';

let bundle: RunnerBundle;
let runner: string;
let work: string;
beforeAll(() => {
  bundle = readBundle('android');
  runner = path.join(bundle.folder, 'runner');
  work = mkdtempSync(path.join(os.tmpdir(), 'zico-shim-'));
});
afterAll(() => rmSync(work, { recursive: true, force: true }));

const readelf = (...args: string[]) =>
  execFileSync('aarch64-linux-gnu-readelf', [...args, runner], { encoding: 'utf8' });

describe('the runner for Android', () => {
  it('is a position-independent program for 64-bit ARM, started by Android', () => {
    const header = readelf('-h');
    expect(header).toMatch(/Machine:\s+AArch64/);
    expect(header).toMatch(/Type:\s+DYN/);
    expect(readelf('-l')).toContain('/system/bin/linker64');
    expect(readelf('-d')).toMatch(/FLAGS_1.*PIE/);
  });

  it('needs no library but libc and libdl', () => {
    const needed = [...readelf('-d').matchAll(/NEEDED.*\[(.+)\]/g)].map(([, name]) => name!);
    expect(needed.sort()).toEqual(['libc.so', 'libdl.so']);
  });

  it("asks for nothing of them that is not in bionic's lists", () => {
    const bionic = path.join(import.meta.dirname, '../../../../main/phone/runner/bionic');
    const listed = ['libc', 'libdl'].flatMap((library) =>
      readFileSync(path.join(bionic, `${library}.symbols`), 'utf8')
        .trim()
        .split('\n'),
    );
    const wanted = [...readelf('--dyn-syms', '-W').matchAll(/UND (\w+)/g)].map(([, name]) => name!);
    expect(wanted.length).toBeGreaterThan(10);
    expect(wanted.filter((name) => !listed.includes(name))).toEqual([]);
  });

  it('says which Android it is for, and has aligned segments for pages of 16 KiB', () => {
    // name size 8, description size 4, type 1, "Android", API level 28 (Android 9)
    const note = Buffer.from(
      '0800000004000000010000 00416e64726f6964001c000000'.replace(' ', ''),
      'hex',
    );
    expect(readFileSync(runner).includes(note)).toBe(true);
    const loads = [...readelf('-lW').matchAll(/LOAD .* 0x(\w+)$/gm)].map(([, hex]) =>
      parseInt(hex!, 16),
    );
    expect(loads.length).toBeGreaterThan(0);
    expect(Math.min(...loads)).toBeGreaterThanOrEqual(0x4000);
  });

  it('is whole: every file has the digest that the bundle names', () => {
    for (const [name, sha256] of Object.entries(bundle.files)) {
      const bytes = readFileSync(path.join(bundle.folder, name));
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
    }
    expect(Object.keys(bundle.files).sort()).toEqual(['LICENSE', 'libonnxruntime.so', 'runner']);
  });
});

describe('the runner for Android on a shim', () => {
  /** Runs it with the glibc bundle's engine: Android's own needs Android. */
  function onShim(...args: string[]) {
    const { folder } = readBundle('glibc');
    for (const [name, sources] of [
      ['libc.so', [path.join(import.meta.dirname, 'shim.c')]],
      ['libdl.so', []],
    ] as const) {
      execFileSync('aarch64-linux-gnu-gcc', [
        ...['-shared', '-fPIC', `-Wl,-soname,${name}`, '-Wl,--no-as-needed'],
        ...['-o', path.join(work, name), ...sources],
      ]);
    }
    const library = path.join(folder, 'libonnxruntime.so');
    return spawnSync(
      arm64,
      [
        processorsIn(path.join(work, 'cpu')),
        ...[path.join(folder, 'ld-linux-aarch64.so.1'), '--library-path', `${work}:${folder}`],
        ...[runner, '--library', library, ...args],
      ],
      { encoding: 'utf8' },
    );
  }

  it('computes the self-test and says which libc it was built for', () => {
    const { bytes, sum, tolerance } = selfTest();
    const model = path.join(work, 'self-test.onnx');
    writeFileSync(model, bytes);
    const { status, stdout } = onShim('--model', model, '--runs', '3');
    expect(status).toBe(0);
    const report = JSON.parse(stdout) as { outputs: { sum: number }[] };
    expect(report).toMatchObject({ ok: true, libc: 'bionic', arch: 'aarch64', ep: 'cpu' });
    expect(Math.abs(report.outputs[0]!.sum - sum) / sum).toBeLessThan(tolerance);
  }, 120_000);

  it.each([
    [['--model', '/nowhere.onnx'], 'load'],
    [['--model', 'm', '--provider', 'nnapi'], 'provider'],
    [['--model', 'm', '--runs', 'many'], 'arguments'],
    [['--runs', '3'], 'arguments'],
  ])(
    'says where it failed: %j',
    (args, stage) => {
      const { status, stdout } = onShim(...args);
      expect(status).toBe(3);
      expect(JSON.parse(stdout)).toMatchObject({ ok: false, stage });
    },
    120_000,
  );
});
