/** `zico benchmark` with so many networks that a model of forty of them can be judged. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { PassesResult } from '../../main/benchmark/passes.ts';
import { benchmarkInWords } from '../../main/cli/benchmark-report.ts';
import { run } from './fake-workbench.ts';
import { ownStateFolder } from './own-state-folder.ts';
import { runAsJson as json } from './run-as-json.ts';

const at = ownStateFolder();

it('scores every network as often as it is told, and judges by models of a few', async () => {
  const args = ['benchmark', 'nats-sss', '--count', '42', '--seed', '2', '--proxies', 'none'];
  const { value, stderr } = await json([...args, '--draws', '2', '--no-models']);
  expect(value).toMatchObject({ draws: 2, count: 42 });
  expect(stderr).toContain('84/84 networks');
  const judged = value['judged'] as unknown as Record<string, Record<string, object>>;
  expect(Object.keys(judged['zicoBc']!['cifar10_test_acc']!)).not.toContain('regretOf40');
  expect((await run([...args, '--draws', '0'])).code).toBe(2);
  // Scores of each draw are kept by themselves.
  const kept = await readdir(path.join(at('state'), 'benchmark-scores'));
  expect(kept).toHaveLength(2);
  const by = await json([...args, '--draws', '1']);
  const models = by.value['judged'] as unknown as typeof judged;
  expect(models['zicoBc']!['cifar10_test_acc']).toMatchObject({
    regretOf40: { value: expect.any(Number) as unknown },
  });
  expect(by.stderr).toMatch(/\d+\/\d+ scores judged/);
  const words = benchmarkInWords(by.value as unknown as PassesResult, ['cifar10_test_acc']);
  expect(words).toContain('the same by a model that knows 40 of the scores');
  expect(words).not.toContain('knows 100 of them');
}, 240_000);
