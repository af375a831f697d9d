import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lookOf } from '../../main/cli/commands/farm.ts';
import { exitCodeOf, exitCodes } from '../../main/cli/errors.ts';
import { farmNewsInLines } from '../../main/cli/farm-news.ts';
import { farmAccess } from '../../main/cli/farm-options.ts';
import { WorkbenchError } from '../../main/errors.ts';
import { farmFailure } from '../../main/farm/failures.ts';
import { run } from './fake-workbench.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'zico-farm-cli-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  delete process.env['ZICO_FARM_PASSWORD'];
});

const file = (content: string): string => {
  const name = path.join(folder, 'secret');
  writeFileSync(name, content);
  return name;
};
const codeOf = async (args: readonly string[]): Promise<string> => {
  const { stdout } = await run([...args, '--json']);
  return (JSON.parse(stdout) as { error: { code: string } }).error.code;
};

describe('the password of a farm', () => {
  it('is that of the environment, where children do not find it', async () => {
    process.env['ZICO_FARM_PASSWORD'] = 'correct horse';
    expect((await farmAccess('redis://127.0.0.1', {})).password).toBe('correct horse');
    expect(process.env['ZICO_FARM_PASSWORD']).toBeUndefined();
  });

  it('is the line of a file', async () => {
    const farmPasswordFile = file('correct horse\n');
    expect((await farmAccess('redis://127.0.0.1', { farmPasswordFile })).password).toBe(
      'correct horse',
    );
  });

  it.each([[''], ['\n'], ['one\ntwo\n'], ['x'.repeat(5000)]])('is not %j', async (content) => {
    const asked = farmAccess('redis://127.0.0.1', { farmPasswordFile: file(content) });
    await expect(asked).rejects.toMatchObject({ code: 'farm-password-file' });
  });

  it('is refused in an address, and not repeated', async () => {
    const { stdout, stderr } = await run(['worker', '--farm', 'redis://:hidden@127.0.0.1']);
    expect(`${stdout}${stderr}`).toMatch(/ZICO_FARM_PASSWORD/);
    expect(`${stdout}${stderr}`).not.toContain('hidden');
  });
});

describe('commands of a farm', () => {
  it.each([
    [['worker'], 'bad-arguments'],
    [['worker', '--farm', 'redis://farm.example.org'], 'farm-not-encrypted'],
    [['worker', '--farm', 'redis://127.0.0.1', '--farm-cert', 'a.pem'], 'bad-arguments'],
    [['worker', '--farm', 'rediss://127.0.0.1', '--farm-ca', '/no/such.pem'], 'file-not-found'],
    [['search', '--farm', 'farm.example.org'], 'farm-url'],
    [['search', '--farm-only'], 'bad-arguments'],
    [['search', '--farm-any', '--candidates', '1'], 'bad-arguments'],
    [['farm', 'status', 'redis://127.0.0.1'], 'farm-unreachable'],
    [['farm', 'drain', 'redis://127.0.0.1'], 'bad-arguments'],
  ])('%j ends with %s', async (args, code) => {
    expect(await codeOf(args)).toBe(code);
  });

  it.each(['ERR max number of clients reached', 'OOM command not allowed', 'READONLY a copy'])(
    'fail by no fault of the input where a Redis says %s',
    (said) => {
      const error = farmFailure(new Error(said), 'redis://127.0.0.1');
      expect(exitCodeOf(error.toReport())).toBe(exitCodes.failure);
    },
  );
});

describe('what a search says of its farm', () => {
  it('is each change once', () => {
    const said: string[] = [];
    const hear = farmNewsInLines((line) => said.push(line));
    const well = { workers: 1, places: 2, unfit: [], trouble: null };
    hear(well);
    hear(well);
    const unfit = ['b:1', 'b:2'].map((worker) => ({ worker, why: 'another engine' }));
    hear({ ...well, unfit: unfit.slice(0, 1) });
    hear({ ...well, unfit });
    const others = ['c:1', 'c:2'].map((worker) => ({ worker, why: 'another version' }));
    hear({ ...well, unfit: [...unfit, ...others] });
    hear({ ...well, trouble: 'It is full.' });
    hear({ ...well, trouble: 'It is full.' });
    hear(well);
    expect(said).toEqual([
      'farm: 1 worker with 2 places',
      'farm: b:1 gets nothing: another engine',
      'farm: b:2 gets nothing: another engine',
      'farm: c:1 and c:2 get nothing: another version',
      'farm: It is full. The search waits for it.',
      'farm: it answers again',
    ]);
  });
});

describe('a look at a farm that does not answer', () => {
  const waiting = {
    status: () => new Promise<never>(() => undefined),
    trouble: () => new WorkbenchError('farm-unreachable', 'It is away.', '-'),
  };

  it('says why, and ends with Ctrl-C', async () => {
    expect(await lookOf(waiting, new AbortController().signal, 10)).toEqual({
      trouble: 'It is away.',
    });
    expect(await lookOf(waiting, AbortSignal.timeout(10), 60_000)).toEqual({ trouble: null });
  });
});
