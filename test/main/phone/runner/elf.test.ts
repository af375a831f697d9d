/** What the build looks at before it calls a program a runner for Android, and its way through an NDK. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildWithNdk, checkRunner } from '../../../../main/phone/runner/build/android.ts';
import { faultsForAndroid, readProgram } from '../../../../main/phone/runner/build/elf.ts';
import { sourceFolder } from '../../../../main/phone/runner/build/tools.ts';

const compiler = 'aarch64-linux-gnu-gcc';
let work: string;
beforeAll(() => (work = mkdtempSync(path.join(os.tmpdir(), 'zico-elf-'))));
afterAll(() => rmSync(work, { recursive: true, force: true }));

/** A program whose libraries are called as Android's are, and that Android would start. */
function link(name: string, changes: { drop?: string[]; add?: string[]; start?: string } = {}) {
  const { drop = [], add = [], start = path.join(sourceFolder, 'bionic/start.c') } = changes;
  const main = path.join(work, 'main.c');
  writeFileSync(main, 'int main(void) { return 0; }');
  const stub = path.join(work, 'libc.s');
  writeFileSync(stub, '.globl __libc_init\n.type __libc_init,%function\n__libc_init: ret\n');
  const library = path.join(work, 'libc.so');
  const shared = ['-shared', '-nostdlib', '-Wl,-soname,libc.so', '-o', library, stub];
  execFileSync(compiler, shared);
  const flags = [
    ...['-fPIE', '-pie', '-ffreestanding', '-fno-stack-protector', '-nostdlib', '-nostartfiles'],
    ...['-Wl,--dynamic-linker=/system/bin/linker64', '-Wl,-z,max-page-size=16384'],
  ].filter((flag) => !drop.includes(flag));
  const program = path.join(work, name);
  execFileSync(compiler, [...flags, '-o', program, start, main, ...add, `-L${work}`, '-lc']);
  return readProgram(readFileSync(program));
}

describe('a program for Android', () => {
  it('is read as it is', () => {
    const program = link('good');
    expect(program).toEqual({
      arm64: true,
      positionIndependent: true,
      interpreter: '/system/bin/linker64',
      needed: ['libc.so'],
      androidLevel: 28,
      alignment: 16_384,
    });
    expect(faultsForAndroid(program)).toEqual([]);
  });

  it('is refused where it would not be loaded', () => {
    expect(
      faultsForAndroid(
        link('interpreter', { drop: ['-Wl,--dynamic-linker=/system/bin/linker64'] }),
      ),
    ).toEqual(['it is loaded by /lib/ld-linux-aarch64.so.1']);
    expect(faultsForAndroid(link('fixed', { drop: ['-pie'], add: ['-no-pie'] }))).toContain(
      'it is not position-independent',
    );
    expect(
      faultsForAndroid(
        link('pages', {
          drop: ['-Wl,-z,max-page-size=16384'],
          add: ['-Wl,-z,max-page-size=4096'],
        }),
      ),
    ).toEqual(['it is aligned for pages of 4096 bytes']);
  });

  it('is refused where it does not say that it is one, or asks for a newer Android', () => {
    const text = readFileSync(path.join(sourceFolder, 'bionic/start.c'), 'utf8');
    const changed = (name: string, from: string, to: string) => {
      expect(text).toContain(from);
      const start = path.join(work, `${name}.c`);
      writeFileSync(start, text.replace(from, to));
      return faultsForAndroid(link(name, { start }));
    };
    expect(changed('noted', 'Android\\"', 'Android?\\"')).toEqual([
      'it has no note that says it is for Android',
    ]);
    expect(changed('newer', '.4byte 28', '.4byte 35')).toEqual(['it asks for API level 35']);
  });

  it('is refused where it is for another processor, or no program at all', () => {
    const own = path.join(work, 'own');
    execFileSync('cc', ['-o', own, path.join(work, 'main.c')]);
    const fault = 'it is not for 64-bit ARM';
    const faults = faultsForAndroid(readProgram(readFileSync(own)));
    if (process.arch === 'arm64') expect(faults).not.toContain(fault);
    else expect(faults).toContain(fault);
    expect(() => readProgram(Buffer.from('#!/bin/sh\n'.repeat(20)))).toThrow('not a 64-bit');
  });
});

/** There is no NDK here: its place is taken by a toolchain file that names Debian's compiler for arm64. */
describe('the build with an NDK', () => {
  it('builds all sources, and refuses what comes out where it is not for Android', () => {
    const ndk = path.join(work, 'ndk');
    mkdirSync(path.join(ndk, 'build/cmake'), { recursive: true });
    writeFileSync(
      path.join(ndk, 'build/cmake/android.toolchain.cmake'),
      `set(CMAKE_SYSTEM_NAME Linux)\nset(CMAKE_SYSTEM_PROCESSOR aarch64)\nset(CMAKE_C_COMPILER ${compiler})\n`,
    );
    const runner = path.join(work, 'runner');
    buildWithNdk(ndk, work, runner);
    const program = readProgram(readFileSync(runner));
    expect(program).toMatchObject({ arm64: true, positionIndependent: true, alignment: 16_384 });
    const libraries = '/usr/aarch64-linux-gnu/lib';
    const { status, stdout } = spawnSync(
      'qemu-aarch64-static',
      [
        ...[`${libraries}/ld-linux-aarch64.so.1`, '--library-path', libraries, runner],
        ...['--model', 'm', '--library', '/nowhere.so'],
      ],
      { encoding: 'utf8' },
    );
    expect(status).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, stage: 'library' });
    expect(() => checkRunner(runner)).toThrow(/loaded by .*; it needs libc\.so\.6; it has no note/);
  }, 60_000);

  it('says where there is none', () => {
    expect(() => buildWithNdk(work, work, path.join(work, 'r'))).toThrow(
      /ANDROID_NDK_HOME is .*, but there is no .*android\.toolchain\.cmake/,
    );
  });
});
