import { globSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { prepareParts, testParts } from './runner/parts.ts';
import { planned } from './runner/steps.ts';

const root = path.join(import.meta.dirname, '..');

describe('what the tests need', () => {
  it('is told by name where it cannot be had, and the rest is made all the same', async () => {
    const said: string[] = [];
    const made: string[] = [];
    const { ready, missing } = await prepareParts(
      (line) => said.push(line),
      [
        { name: 'a phone', prepare: () => Promise.reject(new Error('There is no adb.\nat x')) },
        { name: 'a runner', prepare: async () => void made.push('runner') },
      ],
    );
    expect(made).toEqual(['runner']);
    expect(ready).toEqual(['a runner']);
    expect(missing.map(({ part, reason }) => [part.name, reason])).toEqual([
      ['a phone', 'There is no adb.'],
    ]);
    expect(said[0]).toBe('Without a phone: There is no adb.');
    expect(said.at(-1)).toContain('bash .ci/system-packages.sh');
  });

  it('takes whole projects with it', () => {
    const names = (projects: readonly ('phone' | 'e2e')[]) =>
      planned({ long: false, only: undefined, without: { projects, files: [] } }).map(
        ({ name }) => name,
      );
    const windows = [
      'windows (e2e), one half',
      'windows (e2e), other half',
      'windows (e2e), timed',
    ];
    expect(names([])).toEqual(expect.arrayContaining(['phone tests', ...windows]));
    expect(names(['phone'])).not.toContain('phone tests');
    expect(names(['phone'])).toEqual(expect.arrayContaining(windows));
    expect(names(['e2e']).filter((name) => windows.includes(name))).toEqual([]);
  });

  it('names test files that exist', () => {
    for (const { files = [] } of testParts) {
      for (const glob of files) expect(globSync(glob, { cwd: root }), glob).not.toEqual([]);
    }
  });
});
