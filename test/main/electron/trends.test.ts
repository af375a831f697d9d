import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { trendOf, Trends, type TrendReader } from '../../../main/electron/trends.ts';
import type { RunInfo, RunPoint } from '../../../main/run/run-store.ts';
import { tinySettings } from './fake-services.ts';

let folder: string;
let run: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'zico-trends-'));
  run = path.join(folder, 'a.zico');
  writeFileSync(run, 'a run');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Later candidates score higher and cost more. */
const pointsOf = (n: number): RunPoint[] =>
  Array.from({ length: n }, (_, i) => ({
    ...{ id: i + 1, generation: Math.floor(i / 100), zico: i, zicoCapped: i / 2, bias: 1 },
    ...{ latencyMs: 1 + i, macs: 1000, proxies: {} },
  }));

function readerOf(points: readonly RunPoint[], settings = tinySettings) {
  const asked: number[] = [];
  const reader: TrendReader = {
    info: () => ({ settings }) as RunInfo,
    points: (after, most) => {
      asked.push(after);
      return points.filter(({ id }) => id > after).slice(0, most);
    },
  };
  const reading = async <T>(read: (one: TrendReader) => T): Promise<T> => read(reader);
  return { asked, reading };
}
const memory = (): string => path.join(folder, 'trends.json');

it('reads a long run piece by piece, and rises to 1', async () => {
  const { asked, reading } = readerOf(pointsOf(9000));
  const values = await new Trends(memory()).of(run, () => trendOf(reading));
  expect(asked).toEqual(Array.from({ length: 10 }, (_, i) => i * 1000));
  expect(values.at(-1)).toBe(1);
  expect([...values].sort((a, b) => a - b)).toEqual(values);
});

it('remembers it over sessions until the file changes', async () => {
  const first = await new Trends(memory()).of(run, () => trendOf(readerOf(pointsOf(300)).reading));
  const again = readerOf(pointsOf(300));
  expect(await new Trends(memory()).of(run, () => trendOf(again.reading))).toEqual(first);
  expect(again.asked).toEqual([]);
  writeFileSync(run, 'a longer run');
  const changed = readerOf(pointsOf(500));
  expect(await new Trends(memory()).of(run, () => trendOf(changed.reading))).toHaveLength(5);
  expect(changed.asked).toEqual([0]);
});

it('remembers nothing of a run that is being written', async () => {
  writeFileSync(`${run}-wal`, 'log');
  const trends = new Trends(memory());
  await trends.of(run, () => trendOf(readerOf(pointsOf(100)).reading));
  const again = readerOf(pointsOf(200));
  expect(await trends.of(run, () => trendOf(again.reading))).toHaveLength(2);
  expect(again.asked).toEqual([0]);
});

it('takes MACs where the search counts them', async () => {
  const { reading } = readerOf(pointsOf(300), { ...tinySettings, latency: 'macs' });
  // All cost the same: there is no area, whatever they score.
  expect(await new Trends(memory()).of(run, () => trendOf(reading))).toEqual([0, 0, 0]);
});

it('does without a memory that is damaged', async () => {
  writeFileSync(memory(), '{"x": 3');
  expect(
    await new Trends(memory()).of(run, () => trendOf(readerOf(pointsOf(100)).reading)),
  ).toEqual([1]);
  expect(JSON.parse(readFileSync(memory(), 'utf8'))).toHaveProperty([run]);
});
