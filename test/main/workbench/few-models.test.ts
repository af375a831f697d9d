/** Models that know a few scores, judged by the accuracies of what they choose among all networks of a table. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { readAccuracyTable, type AccuracyTable } from '../../../main/benchmark/accuracy-table.ts';
import { knownAccuracies } from '../../../main/benchmark/known-accuracies.ts';
import { nodeProcesses } from '../../../main/child/node-process.ts';
import type { BenchmarkedNetwork } from '../../../main/common/benchmarks.ts';
import { spaceNamed } from '../../../main/space/index.ts';
import { Workbench } from '../../../main/workbench.ts';
import { keptModels } from '../../../main/workbench/few-models.ts';
import { workbenchPlaces } from '../../support/engines.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 60_000 }); // on a machine that may be busy

const space = spaceNamed('nats-sss');
const budgets = [20e6, 60e6, 200e6];
let folder: string;
let table: AccuracyTable;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'zico-models-'));
  const whole = await readAccuracyTable(
    knownAccuracies('nats-sss', workbenchPlaces.assetsFolder),
    space,
  );
  // Every fortieth network: as many as a quick test looks at.
  table = { ...whole, rows: whole.rows.filter((_, i) => i % 40 === 0) };
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('lose little by good scores, much by bad ones, and what they came to is kept', async () => {
  const own = path.join(folder, 'kept');
  const request = { space, table, budgets, seed: 0 };
  const some = table.rows.filter((_, i) => i % 9 === 0);
  const genotypes = some.map(({ genotype }) => genotype);
  expect(genotypes.length).toBeLessThan(100);
  const good = some.map(({ accuracies }) => accuracies[0]!);
  const judge = keptModels(own, request);
  const [first] = await judge(genotypes, [good]);
  expect(first!.regretOf40!.value!).toBeLessThan(1);
  expect(first!.regretOf40!.from!).toBeLessThanOrEqual(first!.regretOf40!.value!);
  expect(first!.regretOf40!.to!).toBeGreaterThanOrEqual(first!.regretOf40!.value!);
  // Fewer than a hundred were scored.
  expect(first!.regretOf100).toBeUndefined();
  const bad = good.map((accuracy) => -accuracy);
  const onlyKept = keptModels(own, request, 'only-kept');
  expect(await onlyKept(genotypes, [bad])).toEqual([{}, {}, {}]);
  const [worst] = await judge(genotypes, [bad]);
  expect(worst!.regretOf40!.value!).toBeGreaterThan(first!.regretOf40!.value! + 1);
  // A second question is answered from the file, which a crash may have cut off.
  expect(readdirSync(own)).toHaveLength(2);
  expect((await onlyKept(genotypes, [good]))[0]).toEqual(first);
  for (const file of readdirSync(own)) writeFileSync(path.join(own, file), '[{"regretOf40"');
  expect(await onlyKept(genotypes, [good])).toEqual([{}, {}, {}]);
  expect((await judge(genotypes, [good]))[0]).toEqual(first);
});

it('are given up where a person wants so', async () => {
  const controller = new AbortController();
  const judge = keptModels(path.join(folder, 'given-up'), { space, table, budgets, seed: 1 });
  const genotypes = table.rows.slice(0, 60).map(({ genotype }) => genotype);
  const judging = judge(genotypes, [genotypes.map((_, i) => i)], controller.signal);
  controller.abort();
  await expect(judging).rejects.toHaveProperty('name', 'AbortError');
});

it('a stored benchmark is judged in a child, which can be cancelled', async () => {
  const workbench = new Workbench({
    processes: nodeProcesses,
    ...workbenchPlaces,
    entries: { ...workbenchPlaces.entries, judge: path.resolve('main/workbench/judge-child.ts') },
    productVersion: '0.0.0',
    stateFolder: path.join(folder, 'state'),
  });
  const networks = table.rows.slice(0, 60).map(({ genotype, accuracies }): BenchmarkedNetwork => {
    const zico = accuracies[0]!;
    const scores = { zico, zicoCapped: zico, bias: 0 };
    return {
      ...{ genotype, accuracies: [...accuracies], scores, otherWeights: null, otherBatches: null },
      ...space.counts(genotype),
      moreDraws: [{ ...scores, zico: -zico }],
    };
  });
  const asked = {
    settings: { space: 'nats-sss', seed: 0 } as const,
    ...{ columns: table.columns, networks, beta: 1, models: false },
  };
  const told: number[] = [];
  const { signal } = new AbortController();
  const judged = await workbench.judgeBenchmark(asked, ({ done }) => told.push(done), signal);
  // The mean of a draw that is right and of one that is its opposite.
  expect(judged.zico!['cifar10_test_acc']!.kendallTau.value).toBeCloseTo(0, 12);
  expect(judged.zicoCapped!['cifar10_test_acc']!.kendallTau.value).toBe(1);
  expect(judged.parameters!['cifar10_test_acc']!.regret.value).toBeGreaterThanOrEqual(0);
  expect(judged.near).toBeUndefined();
  expect(told.length).toBeGreaterThan(10);
  const controller = new AbortController();
  const cancelled = workbench.judgeBenchmark(
    { ...asked, models: true },
    () => controller.abort(),
    controller.signal,
  );
  await expect(cancelled).rejects.toHaveProperty('name', 'AbortError');
  await workbench.close();
});
