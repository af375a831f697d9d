/** Winograd's kernels without Node and oneDNN: for this processor, and for arm64 where it can be tried. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';

vi.setConfig({ testTimeout: 180_000 }); // a compiler, on a machine that may be busy

const root = path.join(import.meta.dirname, '../../../..');
const sources = [
  path.join(root, 'test/support/winograd-alone.cpp'),
  path.join(root, 'main/engine/onednn/native/vector/winograd.cpp'),
];
const emulator = 'qemu-aarch64-static';
const armCompiler = 'aarch64-linux-gnu-g++';
const there = (program: string) => spawnSync(program, ['--version']).status === 0;

let folder: string;
beforeAll(() => void (folder = mkdtempSync(path.join(tmpdir(), 'zico-winograd-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Errors of results and of gradients, a line a shape. */
function errorsOf(compiler: string, flags: readonly string[], ...before: readonly string[]) {
  const program = path.join(folder, compiler);
  const usual = ['-O1', '-std=c++17', '-Wall', '-Wextra', '-Werror', '-Wno-psabi'];
  execFileSync(compiler, [...usual, '-DZICO_WINOGRAD=tested', ...flags, ...sources, '-o', program]);
  const [command, ...rest] = [...before, program];
  const lines = execFileSync(command, rest, { encoding: 'utf8' }).trim().split('\n');
  expect(lines).toHaveLength(40);
  return lines.flatMap((line) => line.split(' ').map(Number));
}

it.skipIf(!there(armCompiler) || !there(emulator))('are right on arm64, with NEON', () => {
  expect(Math.max(...errorsOf(armCompiler, ['-static'], emulator))).toBeLessThan(1e-5);
});

it.skipIf(!there('g++'))('are right here, as the compiler takes this processor', () => {
  const errors = errorsOf('g++', process.arch === 'x64' ? ['-mavx2', '-mfma'] : []);
  expect(Math.max(...errors)).toBeLessThan(1e-5);
});
