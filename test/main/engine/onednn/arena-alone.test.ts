/** The block of memory that plans compute in, alone: what becomes of it where the system moves no pages. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { compiler } from '../../../../main/engine/onednn/prerequisites.ts';

vi.setConfig({ hookTimeout: 180_000 }); // a compiler, on a machine that may be busy

const root = path.join(import.meta.dirname, '../../../..');
const sources = [
  path.join(root, 'test/support/arena-alone.cpp'),
  path.join(root, 'main/engine/onednn/native/arena.cpp'),
];
const possible = process.platform === 'linux' && spawnSync(compiler, ['--version']).status === 0;

describe.skipIf(!possible)('the arena', () => {
  let folder: string;
  let program: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'zico-arena-'));
    program = path.join(folder, 'arena');
    execFileSync(compiler, ['-O1', '-std=c++17', '-Wall', '-Wextra', ...sources, '-o', program]);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** In huge pages, of which one is asked for first and three afterwards. */
  function growthWhereSystem(does: string) {
    const words = execFileSync(program, [does], { encoding: 'utf8' }).trim().split(' ');
    const [asked, moved, first, second] = words.map(Number);
    return { asked, moved: moved === 1, first, second };
  }

  it('grows by new pages alone where the system moves those it has', () => {
    const growth = growthWhereSystem('as it is');
    expect(growth).toMatchObject({ asked: 1, first: 1, second: growth.moved ? 2 : 3 });
  });

  it.each(['fails', 'unmaps and fails', 'gives the place away'])(
    'is mapped anew where the system %s instead',
    (does) => {
      expect(growthWhereSystem(does)).toEqual({ asked: 1, moved: false, first: 1, second: 3 });
    },
  );
});
