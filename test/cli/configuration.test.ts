import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { lineOf, readDocument } from '../../main/asked/read-document.ts';
import { askedKeys } from '../../main/asked/configuration.ts';
import { fakeWorkbench, run } from './fake-workbench.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'zico-configuration-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function written(name: string, text: string): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, text);
  return file;
}

const search = (...args: string[]) => run(['search', ...args], { services: fakeWorkbench() });

describe('zico search --config', () => {
  it.each([
    [
      'search.yaml',
      'space: nats-sss\ncandidates: 6 # few\nseed: 5\nsearch: nsga2\npopulation: 4\n',
    ],
    ['search.yml', '{space: nats-sss, candidates: 6, seed: 5, search: nsga2, population: 4}'],
    ['search.json', '{\n\t"candidates": 6, "seed": 5, "search": "nsga2", "population": 4 }'],
  ])('takes its settings from %s, and options override them', async (name, text) => {
    const file = await written(name, text);
    const asked = ['--run', path.join(folder, 'a.zico'), '--json', '--config', file];
    const plain = JSON.parse((await search(...asked)).stdout) as { settings: object };
    expect(plain.settings).toMatchObject({ candidates: 6, seed: 5, population: 4 });
    const other = ['--run', path.join(folder, 'b.zico'), '--json', '--config', file];
    const overridden = JSON.parse((await search(...other, '--seed', '9')).stdout) as typeof plain;
    expect(overridden.settings).toMatchObject({ candidates: 6, seed: 9 });
  });

  it('means its paths from its own folder', async () => {
    await mkdir(path.join(folder, 'images'));
    const file = await written('search.yaml', 'data: images\nrun: runs/a.zico\n');
    const { stdout } = await search('--config', file, '--print-config');
    const printed = readDocument(stdout, 'yaml').value;
    expect(printed).toMatchObject({
      data: path.join(folder, 'images'),
      run: path.join(folder, 'runs/a.zico'),
    });
  });

  it.each([
    ['an unknown key', 'a.yaml', 'seed: 1\n\ncandiates: 4\n', 3, 'Did you mean candidates?'],
    [
      'an unknown key of phones',
      'a.yaml',
      'phone:\n  core: mid\n  fan: on\n',
      3,
      'phone.fan is not a key',
    ],
    ['a value of another kind', 'a.json', '{\n "seed": 1,\n "batches": "many"\n}', 3, 'batches: '],
    ['a value out of range', 'a.yaml', 'batches: 1\n', 1, 'batches: '],
    ['a key that is there twice', 'a.yaml', 'seed: 1\nseed: 2\n', 2, 'duplicated mapping key'],
    ['what is no YAML', 'a.yaml', 'seed: 1\n  nothing: [\n', 2, 'this is not YAML'],
    ['what is no JSON', 'a.json', '{\n "seed": 1,\n}', 3, 'this is not JSON'],
    ['a method and what it lacks', 'a.yaml', 'search: random\ngenerations: 4\n', 2, 'generations'],
    ['a limit without a latency', 'a.yaml', 'seed: 1\nlatency: macs\nmaxLatencyMs: 3\n', 3, 'MACs'],
    ['phones for another source', 'a.yaml', 'latency: host\nphone:\n  core: big\n', 2, 'phone'],
    [
      'an interval of an estimate',
      'a.yaml',
      'latency: predicted-s10-gpu\nintervalPercent: 3\n',
      2,
      'measured',
    ],
    ['another version', 'a.yaml', 'version: 7\n', 1, 'version: '],
  ])('names %s with its line', async (_, name, text, line, words) => {
    const file = await written(name, text);
    const { code, stderr } = await search('--config', file);
    expect(code).toBe(2);
    expect(stderr).toContain(`${file}:${line}`);
    expect(stderr).toContain(words);
  });

  it.each([
    ['a list', 'a.yaml', '- seed\n', 'holds no settings'],
    ['nothing', 'a.yaml', '', 'holds no settings'],
    ['another ending', 'a.toml', 'seed = 1', 'neither a .json nor a .yaml'],
  ])('refuses %s', async (_, name, text, words) => {
    const { code, stderr } = await search('--config', await written(name, text));
    expect(code).toBe(2);
    expect(stderr).toContain(words);
  });

  it('says that a file is missing', async () => {
    const { code, stderr } = await search('--config', path.join(folder, 'none.yaml'));
    expect(code).toBe(2);
    expect(stderr).toContain('There is no file');
  });
});

describe('zico search --print-config', () => {
  it.each([
    [['--seed', '4', '--candidates', '9']],
    [['--search', 'nsga2', '--population', '7', '--generations', '3', '--latency', 'host']],
    [['--preset', 'paper', '--space', 'efficientnet', '--max-macs', '300M', '--threads', '1']],
    [['--beta', '0.5', '--max-latency', '4', '--latency', 'predicted-s10-gpu']],
    [['--latency', 'phone:SERIAL', '--core', 'mid', '--runs', '20']],
  ])('prints what gives the same search again: %j', async (args) => {
    const first = await search(...args, '--print-config');
    expect(first.code).toBe(0);
    const printed = JSON.parse(first.stdout) as Record<string, unknown>;
    expect(Object.keys(printed)).toEqual(expect.arrayContaining(askedKeys));
    for (const format of ['json', 'yaml']) {
      const file = await written(
        `again.${format}`,
        (await search(...args, '--print-config', format)).stdout,
      );
      const again = await search('--config', file, '--print-config', 'json');
      expect(JSON.parse(again.stdout)).toEqual(printed);
    }
  });
});

describe('documents with lines', () => {
  const tree = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.integer(),
      fc.string(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), tie('value'), { maxKeys: 4 }),
    ),
  })).value;

  it('are what JSON says, wherever a key stands', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), tree), (value) => {
        const text = JSON.stringify(value, null, 2);
        const { value: read, place } = readDocument(text, 'json');
        expect(read).toEqual(JSON.parse(text));
        for (const key of Object.keys(value)) {
          const line = text.split('\n').findIndex((one) => one.startsWith(`  "${key}":`)) + 1;
          expect(lineOf(place, [key])).toBe(line);
        }
      }),
    );
  });
});

describe('the schema of configurations', () => {
  it('is the one that ships (else: node test/runtime/output-schemas.ts)', async () => {
    const { configurationJsonSchema } = await import('../../main/asked/configuration-schema.ts');
    const file = path.join(
      import.meta.dirname,
      '../../main/assets/schemas/search-configuration-1.json',
    );
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(configurationJsonSchema());
  });
});
