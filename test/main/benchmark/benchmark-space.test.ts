import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readAccuracyTable } from '../../../main/benchmark/accuracy-table.ts';
import { benchmarkSpace } from '../../../main/benchmark/benchmark-space.ts';
import { predictors, type UntrainedScore } from '../../../main/common/predictors.ts';
import { WorkbenchError } from '../../../main/errors.ts';
import { spaceNamed } from '../../../main/space/index.ts';
import type { Genotype } from '../../../main/space/space.ts';

// Tables of tens of thousands of lines, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 });

const space = spaceNamed('nats-sss');
const table = path.join(
  import.meta.dirname,
  '../../../main/assets/nats-sss-table/test-accuracy-90-epochs.csv',
);
const code = (value: string): unknown => expect.objectContaining({ code: value });

/** Knows the widths only: good enough to correlate. */
const pretend = async (genotype: Genotype): Promise<UntrainedScore> => {
  const sum = space.values(genotype).reduce((a, b) => a + b, 0);
  return { zico: sum, zicoCapped: sum / 2, bias: 4 * sum, parameters: sum ** 2, macs: -sum };
};

describe('a table of accuracies', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'zico-table-'));
  });
  afterAll(() => rm(folder, { recursive: true }));
  const written = async (text: string): Promise<string> => {
    const file = path.join(folder, 't.csv');
    await writeFile(file, text);
    return file;
  };

  it('is read with its accuracy columns, whatever else it has', async () => {
    const { columns, rows } = await readAccuracyTable(table, space);
    expect(columns).toEqual(['cifar10_test_acc', 'cifar100_test_acc', 'imagenet16_120_test_acc']);
    expect(rows).toHaveLength(32_768);
    expect(rows[1]).toEqual({ genotype: '8:8:8:8:16', accuracies: [82.56, 43.16, 20.1667] });
  });

  it('may come from another system and in another order of columns', async () => {
    const text = '\uFEFFa_acc,arch\r\n1.5,8:8:8:8:8\r\n\r\n';
    expect((await readAccuracyTable(await written(text), space)).rows).toEqual([
      { genotype: '8:8:8:8:8', accuracies: [1.5] },
    ]);
  });

  it.each([
    ['', /t\.csv, line 1: it lacks the column "arch"/],
    ['arch,params\n', /line 1: it lacks the column of an accuracy/],
    ['arch,a_acc\n8:8:8:8:8,1\n8:8:8:8:16\n', /line 3: it has 1 cells, the header 2/],
    ['arch,a_acc\n8:8:8:8:9,1\n', /line 2: "8:8:8:8:9" is outside nats-sss: c4/],
    ['arch,a_acc\n8:8:8:8:8,\n', /line 2: "" is not an accuracy/],
    ['arch,a_acc\n8:8:8:8:8,1\n8:8:8:8:8,2\n', /line 3: 8:8:8:8:8 occurs twice/],
  ])('is refused with the line at fault: %j', async (text, message) => {
    const reading = readAccuracyTable(await written(text), space);
    await expect(reading).rejects.toThrow(message);
    await expect(reading).rejects.toThrow(code('table-malformed'));
  });

  it('that is not there is named', async () => {
    const missing = path.join(folder, 'none.csv');
    await expect(readAccuracyTable(missing, space)).rejects.toThrow(code('file-not-found'));
    await expect(readAccuracyTable(folder, space)).rejects.toThrow(code('file-not-readable'));
    await writeFile(missing, 'nonsense');
    await expect(readAccuracyTable(missing, space)).rejects.toThrow(code('table-malformed'));
  });
});

describe('a benchmark', () => {
  const request = async (changes: object = {}) => ({
    space,
    table: await readAccuracyTable(table, space),
    count: 200,
    seed: 1,
    beta: 1,
    score: pretend,
    ...changes,
  });

  it('correlates every predictor with every column', async () => {
    const result = await benchmarkSpace(await request());
    expect(result).toMatchObject({ count: 200, seed: 1, beta: 1, failed: [] });
    expect(Object.keys(result.correlations)).toEqual([...predictors]);
    // The pretended score knows nothing of proxies.
    expect(result.correlations.near['cifar10_test_acc']!.kendallTau).toBeNull();
    expect(result.judged.near).toBeUndefined();
    const { zico, zicoBc, parameters, macs } = result.correlations;
    expect(zico['cifar10_test_acc']!.kendallTau).toBeGreaterThan(0.5);
    expect(zico['cifar10_test_acc']!.spearmanRho).toBeGreaterThan(0.7);
    expect(parameters).toEqual(zico);
    // The pretended score turns around with the bias: 1 - 4 < 0.
    expect(zicoBc['cifar10_test_acc']!.kendallTau).toBeCloseTo(
      -zico['cifar10_test_acc']!.kendallTau!,
      12,
    );
    expect(macs['cifar10_test_acc']!.kendallTau).toBeCloseTo(
      -zico['cifar10_test_acc']!.kendallTau!,
      12,
    );
  });

  it('scores different networks, the same ones for the same seed', async () => {
    const scored = async (seed: number) => {
      const genotypes: Genotype[] = [];
      const score = (genotype: Genotype) => {
        genotypes.push(genotype);
        return pretend(genotype);
      };
      await benchmarkSpace(await request({ seed, score, count: 50 }));
      return genotypes;
    };
    expect(new Set(await scored(1)).size).toBe(50);
    expect(await scored(1)).toEqual(await scored(1));
    expect(await scored(1)).not.toEqual(await scored(2));
  });

  it('leaves out what cannot be scored, and says so', async () => {
    let calls = 0;
    const score = (genotype: Genotype) => {
      if (++calls % 10 === 0) throw new WorkbenchError('scoring-timeout', 'Too slow.', 'Wait.');
      return pretend(genotype);
    };
    const result = await benchmarkSpace(await request({ score }));
    expect(result.count).toBe(180);
    expect(result.failed).toHaveLength(20);
    expect(result.failed[0]!.error.code).toBe('scoring-timeout');
  });

  it('ends with the reason when nothing can be scored, and with any fault of the program', async () => {
    const refuse = () => Promise.reject(new WorkbenchError('engine-crashed', 'Gone.', 'Retry.'));
    await expect(benchmarkSpace(await request({ score: refuse }))).rejects.toThrow(
      code('engine-crashed'),
    );
    const fault = () => Promise.reject(new TypeError('fault'));
    await expect(benchmarkSpace(await request({ score: fault }))).rejects.toThrow(TypeError);
  });

  it('gives null where a correlation is undefined', async () => {
    const constant = async () => ({ zico: 1, zicoCapped: 1, bias: 1, parameters: 1, macs: 1 });
    const result = await benchmarkSpace(await request({ score: constant, count: 5 }));
    expect(result.correlations.zico['cifar10_test_acc']).toEqual({
      kendallTau: null,
      spearmanRho: null,
    });
  });

  it('stops when it is told to', async () => {
    const controller = new AbortController();
    const progress = (done: number) => done === 3 && controller.abort();
    const running = benchmarkSpace(await request({ progress, signal: controller.signal }));
    await expect(running).rejects.toHaveProperty('name', 'AbortError');
  });

  it.each([0, 1, 32_769])('refuses %d networks', async (count) => {
    await expect(benchmarkSpace(await request({ count }))).rejects.toThrow(
      code('too-few-networks'),
    );
  });
});
