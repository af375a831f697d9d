import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultRunFile, newRunSettings, reserveRunFile } from '../../main/asked/search.ts';
import { givenSettings } from '../../main/cli/search-options.ts';
import { defaultSearchSettings } from '../../main/common/settings/index.ts';
import { fakeWorkbench, run } from './fake-workbench.ts';

let folder: string;
let runFile: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'zico-search-'));
  runFile = path.join(folder, 'runs/a.zico');
});
afterEach(() => rm(folder, { recursive: true }));

interface Result {
  run: string;
  seed: number;
  status: string;
  settings: object;
  evaluated: number;
  failed: number;
  warnings: readonly object[];
  front: { id: number; zico: number; bias: number; zicoBc: number; macs: number }[];
  error: { code: string; message: string };
}
const search = [
  ...['search', '--latency', 'macs', '--population', '4', '--json'],
  ...['--batches', '2', '--batch-size', '16'],
];
async function json(args: string[], options: Parameters<typeof run>[1] = {}) {
  const { code, stdout, stderr } = await run(args, options);
  return { code, stderr, value: JSON.parse(stdout) as Result };
}

/** Ctrl-C when so many candidates are stored. */
function interruptedAfter(candidates: number) {
  const [controller, services] = [new AbortController(), fakeWorkbench()];
  services.onEvent = ({ evaluated }) => {
    if (evaluated === candidates) controller.abort();
  };
  return { services, interrupted: controller.signal };
}

describe('zico search', () => {
  it('gives the front and what led to it', async () => {
    const services = fakeWorkbench([3]);
    const { code, value, stderr } = await json(
      [...search, '--candidates', '12', '--seed', '7', '--beta', '2', '--run', runFile],
      { services },
    );
    expect(code).toBe(0);
    expect(value).toMatchObject({
      run: runFile,
      seed: 7,
      status: 'finished',
      settings: { beta: 2, seed: 7, candidates: 12, generations: null, latency: 'macs' },
      evaluated: 11,
      failed: 1,
    });
    expect(Object.keys(value.front[0]!)).toEqual([
      'id',
      'genotype',
      'score',
      'zico',
      'bias',
      'zicoBc',
      'zicoCapped',
      'zicoBcCapped',
      'latencyMs',
      'latencyConditions',
      'macs',
      'parameters',
      'generation',
      ...['layers', 'liveLayers', 'lnChannels', 'minusBias', 'near', 'secondOpinion'],
    ]);
    value.front.forEach((entry, i) => {
      expect(entry.zicoBc).toBeCloseTo(entry.zico - 2 * entry.bias, 12);
      if (i > 0) {
        expect(entry.macs).toBeGreaterThan(value.front[i - 1]!.macs);
        expect(entry.zicoBc).toBeGreaterThan(value.front[i - 1]!.zicoBc);
      }
    });
    expect(stderr).toMatch(/candidate 3 \(.*\) failed: It took too long\./);
    expect(stderr).toMatch(/12\/12 candidates, 1 failed/);
    expect(services.closed).toBe(true);
  });

  it('adds the capped scores where it ranked by them', async () => {
    const { value } = await json([
      ...search,
      '--term-cap',
      '30',
      '--candidates',
      '4',
      '--run',
      runFile,
    ]);
    expect(value.front[0]).toMatchObject({
      zicoCapped: expect.any(Number) as unknown,
      zicoBcCapped: expect.any(Number) as unknown,
    });
  });

  it('prints a table for people', async () => {
    const args = search.filter((arg) => arg !== '--json');
    const { stdout } = await run([...args, '--candidates', '4', '--run', runFile]);
    expect(stdout).toMatch(/^4 candidates evaluated, 0 failed/);
    expect(stdout).toMatch(/id +genotype +ZiCo-BC/);
  });

  it('says what was found of space and data, in its text and in JSON', async () => {
    const services = fakeWorkbench();
    services.warnings = [
      {
        code: 'spare-classes',
        message: 'It has spare classes.',
        hint: 'Fit it.',
        count: 2,
        examples: ['cat'],
      },
    ];
    const args = ['search', '--latency', 'macs', '--population', '4', '--candidates', '4'];
    const text = await run([...args, '--run', runFile], { services });
    expect(text.stdout).toContain('warning: It has spare classes (cat, ...). Fit it.');
    const { value } = await json([...args, '--json', '--run', `${runFile}.2`], { services });
    expect(value.warnings).toEqual(services.warnings);
  });

  it('redraws one line on a terminal, with rate, time left and the best so far', async () => {
    const { stderr } = await run([...search, '--candidates', '8', '--run', runFile], {
      isTTY: true,
    });
    const lines = stderr.split('\r\x1b[K');
    expect(lines.length).toBeGreaterThan(8);
    expect(lines.at(-4)).toMatch(
      /^\[=+>?\s*\] \d\/8 candidates, [\d.]+\/min, .+ left, best [\d.]+ \([\d:]+\), generation 0, (scoring|stored)$/,
    );
    expect(stderr.endsWith('\n')).toBe(true);
  });

  it('refuses a run file that exists', async () => {
    await run([...search, '--candidates', '4', '--run', runFile]);
    const again = await json([...search, '--candidates', '4', '--run', runFile]);
    expect(again).toMatchObject({ code: 2, value: { error: { code: 'run-exists' } } });
  });

  it('never share a name, though they begin in the same second', async () => {
    const before = process.cwd();
    process.chdir(folder);
    try {
      const now = new Date(2025, 0, 2, 3, 4, 5);
      const files = await Promise.all(
        Array.from({ length: 5 }, () => reserveRunFile(defaultSearchSettings, now)),
      );
      expect(new Set(files).size).toBe(5);
      expect(files).toContain(defaultRunFile(defaultSearchSettings, now));
    } finally {
      process.chdir(before);
    }
  });

  it('names a run file by space, time and seed where none is named', () => {
    const file = defaultRunFile(defaultSearchSettings, new Date(2025, 0, 2, 3, 4, 5));
    expect(file).toBe(path.join('runs', 'nats-sss-20250102-030405-seed0.zico'));
  });
});

describe('Ctrl-C', () => {
  it('stops the search, reports what there is, and leaves a run to resume', async () => {
    const args = [...search, '--candidates', '400', '--run', runFile];
    const stopped = await json(args, interruptedAfter(3));
    expect(stopped).toMatchObject({ code: 130, value: { status: 'stopped' } });
    expect(stopped.value.evaluated).toBeGreaterThan(0);
    expect(stopped.value.evaluated).toBeLessThan(400);
    expect(stopped.stderr).toContain('press Ctrl-C again');
  });

  it('ends other commands with the code of an interruption', async () => {
    const table = path.join(
      import.meta.dirname,
      '../../main/assets/nats-sss-table/test-accuracy-90-epochs.csv',
    );
    const args = ['benchmark', 'nats-sss', '--table', table, '--count', '20', '--json'];
    const { code, value } = await json(args, { interrupted: AbortSignal.abort() });
    expect(code).toBe(130);
    expect(value.error.code).toBe('interrupted');
  });
});

describe('zico search --resume', () => {
  beforeEach(async () => {
    const args = [...search, '--candidates', '30', '--seed', '5', '--run', runFile];
    await run(args, interruptedAfter(5));
  });

  it('goes on with the settings of the run', async () => {
    const { code, value } = await json(['search', '--run', runFile, '--resume', '--json']);
    expect(code).toBe(0);
    expect(value).toMatchObject({ status: 'finished', seed: 5, evaluated: 30 });
  });

  it('accepts options that agree with the run', async () => {
    const args = [
      'search',
      '--run',
      runFile,
      '--resume',
      '--seed',
      '5',
      '--threads',
      '1',
      '--json',
    ];
    expect(await json(args)).toMatchObject({ code: 0 });
  });

  it('refuses options that contradict it, naming them', async () => {
    const args = ['search', '--run', runFile, '--resume', '--seed', '6', '--beta', '1', '--json'];
    const { code, value } = await json(args);
    expect(code).toBe(2);
    expect(value.error.code).toBe('settings-contradict');
    expect(value.error.message).toMatch(/seed is 5 in the run and 6 here/);
    expect(value.error.message).toMatch(/beta is 2 in the run and 1 here/);
  });
});

describe('the presets of zico search', () => {
  const settingsOf = async (...args: string[]) => {
    const { value, stderr } = await json([
      ...['search', '--latency', 'macs', '--population', '4', '--candidates', '4'],
      ...[...args, '--json', '--run', runFile],
    ]);
    return { settings: value.settings as Record<string, unknown>, stderr };
  };

  it('are robust where nobody says otherwise', async () => {
    expect((await settingsOf()).settings).toMatchObject({
      ...{ preset: 'robust', batches: 4, batchSize: 8, beta: 2, termCap: 100 },
      ...{ biasSize: 'deployment', biasLayers: 'live', weights: 'pytorch-default' },
    });
  });

  it('give way to an option that says otherwise, and the run then says custom', async () => {
    const { settings, stderr } = await settingsOf(
      ...['--preset', 'paper', '--batch-size', '4', '--weights', 'pytorch-default'],
    );
    expect(settings).toMatchObject({
      ...{ preset: 'custom', batches: 2, batchSize: 4, termCap: null, biasLayers: 'all' },
      weights: 'pytorch-default',
    });
    expect(stderr).toContain('--batch-size, --weights differ from preset paper');
  });

  it('are refused by name for a run that began otherwise', async () => {
    await settingsOf('--preset', 'custom', '--batch-size', '4');
    const { code, value } = await json([
      ...['search', '--run', runFile, '--resume', '--preset', 'robust', '--json'],
    ]);
    expect(code).toBe(2);
    expect(value.error).toMatchObject({
      code: 'settings-contradict',
      message: expect.stringContaining('preset is "custom" in the run and "robust" here') as string,
    });
  });

  it('are one of three', async () => {
    const { code, value } = await json(['search', '--preset', 'best', '--json']);
    expect(code).toBe(2);
    expect(value.error.message).toContain('best');
  });
});

describe('a deployment size that the networks cannot have', () => {
  it('is refused before a run file is made', async () => {
    const args = [...search, '--space', 'ffnet', '--deployment-size', '40', '--run', runFile];
    const { code, value } = await json(args);
    expect(code).toBe(2);
    expect(value.error.code).toBe('space-invalid');
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('zico export', () => {
  it('hands over a candidate of the front', async () => {
    const { value } = await json([...search, '--candidates', '6', '--run', runFile]);
    const out = path.join(folder, 'chosen');
    const id = value.front[0]!.id;
    const exported = await run([
      'export',
      '--run',
      runFile,
      '--candidate',
      String(id),
      '--out',
      out,
      '--json',
    ]);
    expect(exported.code).toBe(0);
    expect(JSON.parse(exported.stdout)).toEqual({
      run: runFile,
      candidate: id,
      folder: out,
      files: [
        'model.onnx',
        'network.py',
        'weights.safetensors',
        'weights.npz',
        'architecture.json',
        'report.html',
        'README.md',
      ],
    });
    expect((await readdir(out)).sort()).toEqual(
      (JSON.parse(exported.stdout) as { files: string[] }).files.sort(),
    );
    expect(exported.stderr).toMatch(/7\/7 README\.md/);
    const text = await readFile(path.join(out, 'architecture.json'), 'utf8');
    expect((JSON.parse(text) as { candidate: object }).candidate).toMatchObject({ id });
  });

  it('refuses a candidate that is not there, one that failed, and a folder with other files', async () => {
    const services = fakeWorkbench([1]);
    await run([...search, '--candidates', '4', '--run', runFile], { services });
    const attempt = async (id: string, out: string) =>
      (await json(['export', '--run', runFile, '--candidate', id, '--out', out, '--json'])).value
        .error;
    const out = path.join(folder, 'chosen');
    expect(await attempt('99', out)).toMatchObject({ code: 'no-such-candidate' });
    expect(await attempt('1', out)).toMatchObject({ code: 'candidate-failed' });
    await writeFile(path.join(folder, 'mine.txt'), 'keep');
    expect(await attempt('2', folder)).toMatchObject({ code: 'folder-not-empty' });
    expect(await readdir(folder)).not.toContain('model.onnx');
  });
});

describe('zico export --genotype', () => {
  const exported = async (...args: string[]) => {
    const { code, stdout } = await run(['export', '--run', runFile, ...args, '--json']);
    return { code, value: JSON.parse(stdout) as Record<string, unknown> & { error: object } };
  };

  it('scores a network that the search did not try, and keeps the score', async () => {
    await run([...search, '--candidates', '4', '--run', runFile]);
    const out = path.join(folder, 'chosen');
    const network = ['--genotype', '64:8:64:8:64'];
    const first = await exported(...network, '--out', out);
    expect(first).toMatchObject({ code: 0, value: { genotype: '64:8:64:8:64', folder: out } });
    const text = await readFile(path.join(out, 'architecture.json'), 'utf8');
    expect(JSON.parse(text)).toMatchObject({ genotype: '64:8:64:8:64', candidate: { id: null } });
    expect(await readFile(path.join(out, 'README.md'), 'utf8')).toContain(
      'A network scored besides the candidates of a search',
    );
    // The same network may be written there again, another may not.
    expect((await exported(...network, '--out', out)).code).toBe(0);
    const other = await exported('--genotype', '8:8:8:8:8', '--out', out);
    expect(other.value.error).toMatchObject({ code: 'folder-not-empty' });
    const { extras } = JSON.parse(await readFile(runFile, 'utf8')) as { extras: object[] };
    expect(extras.length).toBe(2);
  });

  it('wants one network, by its number or by its genotype', async () => {
    const out = ['--out', path.join(folder, 'chosen')];
    const both = ['--candidate', '1', '--genotype', '8:8:8:8:8'];
    for (const args of [out, [...both, ...out]]) {
      const { code, value } = await exported(...args);
      expect(code).toBe(2);
      expect(value.error).toMatchObject({ code: 'bad-arguments' });
    }
    await run([...search, '--candidates', '4', '--run', runFile]);
    const { value } = await exported('--genotype', '9:8:8:8:8', ...out);
    expect(value.error).toMatchObject({ code: 'genotype-outside-space' });
  });
});

describe('settings of a new run', () => {
  it('are the defaults with what was typed', () => {
    expect(newRunSettings(givenSettings({ beta: 2 }))).toEqual({
      ...defaultSearchSettings,
      beta: 2,
    });
  });

  it('have no limit of generations where candidates or time limit the search', () => {
    expect(newRunSettings(givenSettings({ time: 60 }))).toMatchObject({
      generations: null,
      candidates: null,
      seconds: 60,
    });
    const limited = { population: 8, candidates: 9 };
    expect(newRunSettings(givenSettings(limited))).toMatchObject({ generations: null });
    expect(newRunSettings(givenSettings({ candidates: 9, generations: 2 }))).toMatchObject({
      generations: 2,
      candidates: 9,
    });
  });

  it('keep the place of the data wherever a resume is started from', () => {
    expect(givenSettings({ data: 'images' }).data).toBe(path.resolve('images'));
  });
});

describe('how networks are chosen', () => {
  const settingsOf = (given: Parameters<typeof givenSettings>[0]) =>
    newRunSettings(givenSettings(given));

  it('is guided, and by the cost that is counted, unless something else is asked for', () => {
    const usual = { search: 'guided', inFlight: 16, generations: null, candidates: 120 };
    expect(settingsOf({})).toMatchObject({ ...usual, latency: 'macs' });
  });

  it('is by whole generations of NSGA-II where what only it has is given', () => {
    const whole = { search: 'nsga2', inFlight: null, candidates: null };
    expect(settingsOf({ search: 'nsga2' })).toMatchObject({ ...whole, generations: 10 });
    expect(settingsOf({ population: 8 })).toMatchObject({ ...whole, generations: 10 });
    expect(settingsOf({ generations: 3 })).toMatchObject({ ...whole, generations: 3 });
    const steady = { search: 'nsga2', inFlight: 8, generations: 10 };
    expect(settingsOf({ search: 'nsga2', inFlight: 8 })).toMatchObject(steady);
  });

  it.each(['guided', 'random'] as const)('may be %s, without generations', (method) => {
    const usual = { search: method, inFlight: 16, generations: null, candidates: 120 };
    expect(settingsOf({ search: method })).toMatchObject(usual);
    const timed = { candidates: null, seconds: 60, inFlight: 4 };
    expect(settingsOf({ search: method, time: 60, inFlight: 4 })).toMatchObject(timed);
  });

  it('ends by itself where that is asked for, with a figure or without', async () => {
    const settledBy = async (...args: string[]) => {
      const { value } = await json([
        'search',
        ...args,
        '--json',
        '--candidates',
        '4',
        '--run',
        at(),
      ]);
      return (value.settings as { settledPercent: number | null }).settledPercent;
    };
    let runs = 0;
    const at = () => `${runFile}${++runs}`;
    expect(await settledBy()).toBeNull();
    expect(await settledBy('--until-settled')).toBe(0.2);
    expect(await settledBy('--until-settled', '1.5')).toBe(1.5);
  }, 60_000);

  it.each(['--population', '--generations'])(
    'refuses %s of a guided search by name',
    async (name) => {
      const { code, value } = await json([
        ...['search', '--search', 'guided', name, '8', '--json', '--run', runFile],
      ]);
      expect(code).not.toBe(0);
      expect(value.error.code).toBe('bad-arguments');
      expect(value.error.message).toContain(name);
    },
  );

  it('refuses to go on with a run of another method', async () => {
    const services = fakeWorkbench();
    await run([...search, '--candidates', '4', '--run', runFile], { services });
    const { value } = await json(
      ['search', '--run', runFile, '--resume', '--search', 'guided', '--json'],
      { services },
    );
    expect(value.error.code).toBe('settings-contradict');
    expect(value.error.message).toContain('search is "nsga2" in the run and "guided" here');
  });

  it('goes on with a larger budget, and keeps to the one it had otherwise', async () => {
    const services = fakeWorkbench();
    await run([...search, '--candidates', '4', '--run', runFile], { services });
    const resume = ['search', '--run', runFile, '--resume', '--json'];
    const fewer = await json([...resume, '--candidates', '3'], { services });
    expect(fewer.value.error.code).toBe('settings-contradict');
    const more = await json([...resume, '--candidates', '9'], { services });
    expect(more.value).toMatchObject({ settings: { candidates: 9 }, evaluated: 9 });
  });

  it('offers the front of estimates where it was guided, and the raw one beside it', async () => {
    const guided = ['search', '--search', 'guided', '--latency', 'macs', '--candidates', '12'];
    const { value } = await json([...guided, '--json', '--run', runFile]);
    const { front, rawFront } = value as Result & { rawFront: Result['front'] };
    for (const entry of front as unknown as Record<string, unknown>[]) {
      expect(entry).toMatchObject({
        scored: expect.any(Boolean) as unknown,
        estimate: {
          score: expect.any(Number) as unknown,
          deviation: expect.any(Number) as unknown,
        },
        frontShare: expect.any(Number) as unknown,
      });
      if (entry['scored'] === false) {
        expect(entry).toMatchObject({ id: null, zico: null, bias: null, zicoBc: null });
      }
    }
    expect(rawFront.length).toBeGreaterThan(0);
    const text = await run([...guided, '--run', `${runFile}2`]);
    expect(text.stdout).toContain('front of estimates');
    expect(text.stdout).toContain(`zico export --run ${runFile}2 --genotype GENOTYPE`);
  }, 120_000);
});
