/** What scripts use: candidates and runs as data, completion. */
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeDeployableOnnx } from '../../main/graph/onnx/write.ts';
import { spaceNamed } from '../../main/space/index.ts';
import { exitCodesInWords } from '../../main/cli/errors.ts';
import { toCsv } from '../../main/common/csv.ts';
import { createRun, openRunReadOnly } from '../../main/store/run-file.ts';
import { toyRunInfo } from '../support/toy-search.ts';
import { fakeWorkbench, run } from './fake-workbench.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'zico-scripts-'));
  file = path.join(folder, 'a.zico');
});
afterEach(() => rm(folder, { recursive: true }));

const services = () => fakeWorkbench([2]);
const zico = (...args: string[]) => run(args, { services: services() });
const searched = (to = file) =>
  zico(
    'search',
    '--run',
    to,
    '--search',
    'nsga2',
    '--population',
    '4',
    '--candidates',
    '6',
    '--seed',
    '1',
  );

describe('zico candidates', () => {
  it('has every candidate, the failed one as well, as JSON and as CSV', async () => {
    await searched();
    const { stdout } = await zico('candidates', file, '--json');
    const { run, candidates } = JSON.parse(stdout) as {
      run: string;
      candidates: Record<string, unknown>[];
    };
    // As it was given, for the next command of a script.
    expect(run).toBe(file);
    expect(candidates.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(candidates[1]).toMatchObject({ status: 'failed', score: null, onFront: false });
    expect(candidates[1]!['failureMessage']).not.toBeNull();
    const csv = path.join(folder, 'candidates.csv');
    expect((await zico('candidates', file, '--csv', csv)).stdout).toBe('');
    const printed = (await zico('candidates', file, '--csv')).stdout;
    expect(await readFile(csv, 'utf8')).toBe(printed);
    expect(printed.trimEnd().split('\n')).toHaveLength(7);
    expect(printed.split('\n')[0]).toBe(Object.keys(candidates[0]!).join(','));
  });

  it('leaves out what is not on the front where that is asked', async () => {
    await searched();
    const all = JSON.parse((await zico('candidates', file, '--json')).stdout) as {
      candidates: { onFront: boolean; id: number }[];
    };
    const front = JSON.parse(
      (await zico('candidates', file, '--front', '--json')).stdout,
    ) as typeof all;
    expect(front.candidates).toEqual(all.candidates.filter(({ onFront }) => onFront));
    expect(front.candidates.length).toBeGreaterThan(0);
  });
});

describe('CSV', () => {
  it('quotes what would end a cell, and what a spreadsheet would compute', () => {
    const rows = [
      { a: 'x,y', b: 'say "no"', c: '=1+1', d: -2, e: null, f: [1, 2], g: 'two\nlines' },
    ];
    expect(toCsv(rows)).toBe('a,b,c,d,e,f,g\n"x,y","say ""no""",\'=1+1,-2,,1 2,"two\nlines"\n');
  });
});

describe('zico runs', () => {
  it('lists what lies in a folder, and says what cannot be read', async () => {
    await searched();
    await writeFile(path.join(folder, 'broken.zico'), 'no run at all');
    await writeFile(path.join(folder, 'notes.txt'), 'nothing');
    await mkdir(path.join(folder, 'folder.zico'));
    const { runs } = JSON.parse((await zico('runs', folder, '--json')).stdout) as {
      runs: Record<string, unknown>[];
    };
    expect(runs).toHaveLength(2);
    expect(runs[0]).toMatchObject({ file, space: 'nats-sss', evaluated: 5, failed: 1 });
    expect(runs[1]).toHaveProperty('error.message');
    const words = (await zico('runs', folder)).stdout;
    expect(words).toContain('a.zico');
    expect(words).toContain('broken.zico');
  });

  it('does not claim that a search runs which may have been killed', async () => {
    createRun(path.join(folder, 'killed.zico'), toyRunInfo()).close();
    const services = { ...fakeWorkbench(), openRunReadOnly };
    const { stdout } = await run(['runs', folder], { services });
    expect(stdout).toMatch(/killed\.zico .* running or killed /);
  });

  it('says that there are none, or no folder', async () => {
    expect((await zico('runs', folder)).stdout).toMatch(/There are no runs in/);
    const file = path.join(folder, 'a.txt');
    await writeFile(file, '');
    expect((await zico('runs', file)).stderr).toMatch(/a\.txt is a file, not a folder\./);
    const { code, stderr } = await zico('runs', path.join(folder, 'none'));
    expect(code).toBe(2);
    expect(stderr).toMatch(/There is no folder .*none\./);
  });
});

describe('the exit codes', () => {
  it('stand in the document as the help says them', async () => {
    const docs = path.join(import.meta.dirname, '../../docs/scripts.md');
    const table = /## Exit codes\n([^]*?)\n\n(?!\|)/.exec(
      (await readFile(docs, 'utf8')).replace('## Exit codes\n\n', '## Exit codes\n'),
    )![1]!;
    const rows = [...table.matchAll(/^\| (\d+) \| (.+?)(?: \(.+\))? \|$/gm)];
    expect(rows.map(([, code, words]) => `${code} ${words}`).join(', ')).toBe(exitCodesInWords());
    const { stdout } = await zico('help');
    expect(stdout.replace(/\s+/g, ' ')).toContain(`Exit codes: ${exitCodesInWords()}.`);
  });
});

/** What bash offers after the words, the last of which is being typed. */
function offered(script: string, words: readonly string[]): string[] {
  const typed = words.map((word) => `'${word}'`).join(' ');
  const program = `${script}\nCOMP_WORDS=(zico ${typed}); COMP_CWORD=${words.length}; _zico; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['--norc', '-c', program], { encoding: 'utf8' })
    .split('\n')
    .filter(Boolean);
}

describe('zico score -', () => {
  const space = spaceNamed('nats-sss');
  const graph = space.decode(space.parse('8:16:8:16:8'));
  const bytes = writeDeployableOnnx(graph, 1, '0');

  it('scores what comes in as the file is scored', async () => {
    const model = path.join(folder, 'model.onnx');
    await writeFile(model, bytes);
    const named = JSON.parse((await zico('score', model, '--json')).stdout) as object;
    const input = [bytes.slice(0, 1000), bytes.slice(1000)];
    const { stdout } = await run(['score', '-', '--json'], { services: services(), input });
    expect({ ...JSON.parse(stdout), seconds: 0 }).toEqual({
      ...{ ...named, seconds: 0 },
      model: 'standard input',
    });
  });

  it.each([
    ['nothing', [], /Nothing was received/],
    ['what is no model', [new Uint8Array([1, 2, 3])], /standard input/],
  ])('refuses %s', async (_, input, words) => {
    const { code, stderr } = await run(['score', '-'], { services: services(), input });
    expect(code).toBe(2);
    expect(stderr).toMatch(words);
  });

  it('stops waiting on Ctrl-C', async () => {
    const stop = new AbortController();
    const asked = run(['score', '-'], {
      services: services(),
      interrupted: stop.signal,
      input: {
        async *[Symbol.asyncIterator]() {
          await new Promise(() => undefined);
          yield bytes;
        },
      },
    });
    setImmediate(() => stop.abort());
    expect((await asked).code).toBe(130);
  });
});

describe('zico completion', () => {
  it.each([
    [['sea'], ['search']],
    [['search', '--pop'], ['--population']],
    [
      ['search', '--search', ''],
      ['guided', 'nsga2', 'random'],
    ],
    [['search', '--latency', 'pho'], ['phone']],
    [['score', '--space', 'nats'], ['nats-sss']],
    [['search', '--run', ''], []],
    [['spaces', 'ch'], ['check']],
    [
      ['completion', ''],
      ['--help', 'bash', 'zsh', 'fish'],
    ],
    [['help', 'exp'], ['export']],
  ])('of bash offers after %j', async (words, expected) => {
    const { stdout } = await zico('completion', 'bash');
    expect(offered(stdout, words).sort()).toEqual([...expected].sort());
  });

  it.each(['bash', 'zsh', 'fish'])(
    'of %s names every command, in its own language',
    async (shell) => {
      const { stdout } = await zico('completion', shell);
      for (const name of ['search', 'candidates', 'runs', 'phones']) expect(stdout).toContain(name);
      expect(stdout).toContain('until-settled');
      if (shell === 'bash') execFileSync('bash', ['-n'], { input: stdout });
    },
  );

  it('refuses another shell', async () => {
    const { code, stderr } = await zico('completion', 'tcsh');
    expect(code).toBe(2);
    expect(stderr).toMatch(/bash, zsh or fish/);
  });
});
