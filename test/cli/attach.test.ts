import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeWorkbench, run, type FakeWorkbench } from './fake-workbench.ts';

vi.setConfig({ testTimeout: 60_000 }); // analyses, on a machine that may be busy

let folder: string;
let services: FakeWorkbench;
let file: string;
let runs = 0;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'zico-attach-'));
  const search = [
    'search',
    '--candidates',
    '5',
    '--latency',
    'macs',
    '--run',
    path.join(folder, 'a'),
  ];
  expect((await run(search, { services: fakeWorkbench() })).code).toBe(0);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => {
  services = fakeWorkbench();
  file = path.join(folder, `${++runs}.zico`);
  cpSync(path.join(folder, 'a'), file);
});

const of = (candidate: number) => ['--run', file, '--candidate', String(candidate)];
const reached = (accuracy: string, metric = 'top-1', on = 'flowers') => [
  ...[`--accuracy=${accuracy}`, '--metric', metric, '--on', on],
];
const attach = (candidate: number, ...more: readonly string[]) =>
  run(['attach', 'trained.onnx', ...of(candidate), ...more], { services });
const json = (text: string) => JSON.parse(text) as Record<string, never>;

describe('zico attach', () => {
  it('says what is attached, and lists, tables and analyses have it', async () => {
    for (const [id, accuracy] of [
      [1, '50'],
      [2, '71.2'],
      [4, '60.25'],
    ] as const) {
      const { code, stdout } = await attach(id, ...reached(accuracy));
      expect(code).toBe(0);
      expect(stdout).toContain(
        `candidate ${id}: trained.onnx with ${Number(accuracy)} % top-1 on flowers is attached.`,
      );
    }
    const listed = await run(['candidates', file, '--json'], { services });
    const { candidates } = json(listed.stdout) as unknown as {
      candidates: { id: number; trainedAccuracy: number | null; trainedModel: string | null }[];
    };
    expect(candidates.map(({ trainedAccuracy }) => trainedAccuracy)).toEqual([
      ...[50, 71.2, null, 60.25, null],
    ]);
    expect(candidates[1]).toMatchObject({
      ...{ trainedMetric: 'top-1', trainedData: 'flowers', trainedModel: 'a'.repeat(64) },
    });
    const table = await run(['candidates', file, '--csv'], { services });
    expect(table.stdout.split('\n')[0]).toContain('trainedAccuracy,trainedMetric,trainedData');
    expect(table.stdout).toContain('71.2,top-1,flowers');
    const list = await run(['candidates', file], { services });
    expect(list.stdout).toContain('71.2 % top-1 on flowers');
    const analysed = await run(['analyse', file], { services });
    expect(analysed.stdout).toContain(
      '3 networks trained on flowers, by top-1 from best to worst: 2, 4, 1.',
    );
    expect(analysed.stdout).toMatch(/ZiCo-BC \(ranks the run\) +3 +-?\d\.\d{3} +-?\d\.\d{3}/);
    const analysis = json((await run(['analyse', file, '--json'], { services })).stdout);
    expect(analysis).toMatchObject({ trained: [{ metric: 'top-1', candidates: [2, 4, 1] }] });
  });

  it('measures when it is asked to, and later without saying again what was reached', async () => {
    await attach(1, ...reached('50'));
    expect((await attach(1, '--measure')).code).toBe(0);
    expect(services.trainedMeasured).toEqual([[], ['float32', 'int8']]);
  });

  it('prints JSON', async () => {
    const { stdout } = await attach(3, ...reached('9.5', 'mIoU', 'streets'), '--json');
    expect(json(stdout)).toMatchObject({
      ...{ run: file, replaced: null },
      attached: { candidate: 3, accuracy: 9.5, metric: 'mIoU', data: 'streets', newHead: null },
    });
  });

  it.each([
    [
      'above 100',
      reached('171.2'),
      'The accuracy is 171.2, and accuracies are percent from 0 to 100.',
    ],
    ['below 0', reached('-1'), 'The accuracy is -1'],
    ['no number', reached('good'), 'The accuracy is not a number.'],
    ['not a number by name', reached('NaN'), 'The accuracy is not a number.'],
    ['infinite', reached('Infinity'), 'The accuracy is not a number.'],
    ['empty', reached(''), 'The accuracy is not a number.'],
    ['without its metric', ['--accuracy', '71', '--on', 'x'], '--metric is missing'],
    ['of an empty metric', reached('71', ' '), 'The metric is not named.'],
    ['of unnamed images', reached('71', 'top-1', ''), 'The data set is not named.'],
    ['of a metric with a long name', reached('71', 'x'.repeat(101)), 'has 101 characters'],
    ['not given', [], '--accuracy, --metric, --on are missing'],
  ])('refuses an accuracy %s', async (_, args, words) => {
    const { code, stderr } = await attach(1, ...args);
    expect(code).toBe(2);
    expect(stderr).toContain(words);
    const { stdout } = await run(['candidates', file, '--json'], { services });
    expect(stdout).not.toContain('"trainedAccuracy": 7');
  });

  it('wonders about what looks like a share', async () => {
    expect((await attach(1, ...reached('0.712'))).stderr).toContain('0.712 was taken as 0.712 %');
    expect((await attach(1, ...reached('71.2'))).stderr).toBe('');
  });
});

describe('zico detach', () => {
  it('takes away what is attached, and says so where nothing is', async () => {
    await attach(2, ...reached('50'));
    const { code, stdout } = await run(['detach', ...of(2)], { services });
    expect(code).toBe(0);
    expect(stdout).toContain('trained.onnx with 50 % top-1 on flowers is no longer attached.');
    const again = await run(['detach', ...of(2)], { services });
    expect(again.code).toBe(2);
    expect(again.stderr).toContain('No trained model is attached to candidate 2.');
  });
});
