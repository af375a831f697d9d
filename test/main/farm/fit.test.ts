import { describe, expect, it } from 'vitest';
import { placesOf, unfitness, type FarmRun } from '../../../main/common/farm.ts';
import { shared } from '../../../main/farm/worker.ts';
import { engine, offer } from './farm-work.ts';

const run = { format: 2, product: '0.2.0', engine, any: false };
const worker = { format: 2, product: '0.2.0', offer: offer(4) };

describe('a worker gets the jobs of a run', () => {
  it('where its engine is the run’s', () => {
    expect(unfitness(run, worker)).toBeNull();
  });

  it.each([
    ['product', { product: '0.3.0' }, {}, /version 0\.3\.0, the worker of 0\.2\.0/],
    ['format', { format: 3 }, {}, /version/],
    [
      'engine',
      { engine: { ...engine, name: 'onednn' as const } },
      {},
      /onednn in float32, which the worker does not have/,
    ],
    ['precision', { engine: { ...engine, precision: 'bf16' as const } }, {}, /in bf16/],
    [
      'version of the engine',
      { engine: { ...engine, version: '2' } },
      {},
      /onnxruntime 2, the worker has 1/,
    ],
    [
      'instructions',
      { engine: { ...engine, instructions: 'avx512' as const } },
      {},
      /avx512 instructions, the worker takes avx2/,
    ],
    ['threads', { engine: { ...engine, threads: 8 } }, {}, /with 8 threads, but the worker has 4/],
    ['no threads', {}, { offer: offer(0) }, /only measures/],
  ])('and not with another %s', (_, inRun, inWorker, words) => {
    expect(unfitness({ ...run, ...inRun }, { ...worker, ...inWorker })).toMatch(words);
  });

  it('of any engine where the run takes any, though not of another version of the product', () => {
    const other = {
      ...run,
      any: true,
      engine: { ...engine, instructions: 'neon' as const, version: '9' },
    };
    expect(unfitness(other, worker)).toBeNull();
    expect(unfitness({ ...other, product: 'x' }, worker)).not.toBeNull();
  });
});

describe('places', () => {
  it('are threads over the threads of a process', () => {
    expect(placesOf(offer(8), { threads: 3 })).toBe(2);
    expect(placesOf(offer(8), { threads: null })).toBe(8);
  });

  it('are shared equally, the oldest runs first', () => {
    const runs = ['a', 'b', 'c'].map((name) => ({ run: name, engine }) as unknown as FarmRun);
    expect(Object.fromEntries(shared(runs, offer(8)))).toEqual({ a: 3, b: 3, c: 2 });
    expect(Object.fromEntries(shared(runs, offer(2)))).toEqual({ a: 1, b: 1 });
    expect([...shared([], offer(2))]).toEqual([]);
  });
});
