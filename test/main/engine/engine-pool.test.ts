import { describe, expect, it, onTestFinished } from 'vitest';
import { nodeProcesses } from '../../../main/child/node-process.ts';
import type { ChildHandle } from '../../../main/child/process.ts';
import { fastest, tryLayouts } from '../../../main/engine/choose-layout.ts';
import { EnginePool } from '../../../main/engine/engine-pool.ts';
import type { Engine, Statistics } from '../../../main/engine/engine.ts';
import { layoutsFor } from '../../../main/engine/layout.ts';
import { OnnxRuntimeEngine } from '../../../main/engine/onnxruntime/engine.ts';
import { reportOf, WorkbenchError } from '../../../main/errors.ts';
import type { Graph } from '../../../main/graph/graph.ts';
import { initialNetwork } from '../../../main/space/initial-network.ts';
import { spaceNamed } from '../../../main/space/index.ts';
import { engineEntry, generousLimits, openEngine } from '../../support/engines.ts';
import { randomBatches } from '../../support/random-batches.ts';

const space = spaceNamed('nats-sss');
const network = (genotype: string): Graph =>
  initialNetwork(space, space.parse(genotype), 'pytorch-default', 7);
const numbers = ({ layers, losses }: Statistics) => ({ layers, losses });
const gibibyte = 2 ** 30;

function realPool(workers: number, threads: number) {
  const started: ChildHandle[] = [];
  const processes = {
    start(entry: string, name: string) {
      const handle = nodeProcesses.start(entry, name);
      started.push(handle);
      return handle;
    },
  };
  const pool = new EnginePool({
    layout: { workers, threads },
    memoryBytes: 4 * gibibyte,
    open: (count, memoryBytes) =>
      new OnnxRuntimeEngine({
        processes,
        entry: engineEntry,
        threads: count,
        limits: { ...generousLimits, memoryBytes },
      }),
  });
  onTestFinished(() => pool.close());
  return { pool, started };
}

describe('several processes', () => {
  it('give the very numbers that one process gives, to the last bit', async () => {
    const graphs = ['8:16:8:24:8', '16:8:24:8:16', '32:8:8:8:8', '8:8:8:8:64'].map(network);
    const batches = randomBatches({ batchSize: 8 });
    const one = openEngine(2);
    onTestFinished(() => one.close());
    await one.useBatches(batches);
    const expected: unknown[] = [];
    for (const graph of graphs) {
      expected.push(numbers(await one.statistics({ graph, termCap: 100 })));
    }
    const { pool, started } = realPool(3, 1);
    await pool.useBatches(batches);
    const scored = await Promise.all(
      graphs.map((graph) => pool.statistics({ graph, termCap: 100 })),
    );
    expect(scored.map(numbers)).toEqual(expected);
    expect(scored.map(({ engine }) => engine.threads)).toEqual([1, 1, 1, 1]);
    expect(started).toHaveLength(3);
  }, 60_000);

  it('lose only the candidate of the one that crashes', async () => {
    const { pool, started } = realPool(2, 1);
    await pool.useBatches(randomBatches({ batchSize: 16 }));
    const large = pool.statistics({ graph: network('64:64:64:64:64'), termCap: 100 });
    const other = pool.statistics({ graph: network('8:8:8:8:8'), termCap: 100 });
    const doomed = expect(large).rejects.toMatchObject({ code: 'engine-crashed' });
    // Whatever is started for the first candidate is killed, until it is given up.
    const victim = started[0]!;
    const killing = setInterval(() => {
      for (const handle of [victim, ...started.slice(2)]) handle.kill();
    }, 5);
    await doomed;
    clearInterval(killing);
    expect((await other).losses).toHaveLength(2);
    // Both processes score again.
    const again = ['8:8:8:8:8', '8:8:8:8:16'].map((genotype) =>
      pool.statistics({ graph: network(genotype), termCap: 100 }),
    );
    expect(await Promise.all(again)).toHaveLength(2);
  }, 60_000);
});

/** An engine that fails above its memory: a network "needs" as many bytes as its name says. */
function pretended(log: string[], threads: number, memoryBytes: number): Engine {
  let open = true;
  return {
    identity: { name: 'onnxruntime', version: '0', threads },
    async useBatches() {},
    async statistics({ graph }) {
      if (!open) throw new WorkbenchError('scoring-closed', 'Closed.', 'None.');
      log.push(`${graph.name} on ${threads} with ${memoryBytes}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
      if (Number(graph.name) > memoryBytes) {
        throw new WorkbenchError('memory-ceiling', 'Too much.', 'Less.');
      }
      return { losses: [Number(graph.name)] } as unknown as Statistics;
    },
    proxies: () => Promise.reject(new Error('no proxies were asked for')),
    async close() {
      open = false;
    },
  };
}

describe('memory', () => {
  const named = (bytes: number): Graph => ({ ...network('8:8:8:8:8'), name: String(bytes) });
  const scores = (pool: EnginePool, sizes: readonly number[]) =>
    Promise.allSettled(
      sizes.map(async (bytes) => {
        const { losses } = await pool.statistics({ graph: named(bytes), termCap: 1 });
        return losses[0];
      }),
    );

  it('is shared; a candidate beyond its share has the machine to itself', async () => {
    const log: string[] = [];
    const open = (threads: number, memory: number) => pretended(log, threads, memory);
    const pool = new EnginePool({ layout: { workers: 4, threads: 1 }, memoryBytes: 400, open });
    await pool.useBatches(randomBatches({ batchSize: 2 }));
    const results = await scores(pool, [50, 300, 80, 500, 100, 20]);
    expect(
      results.map((r) => (r.status === 'fulfilled' ? r.value : reportOf(r.reason).code)),
    ).toEqual([50, 300, 80, 'memory-ceiling', 100, 20]);
    expect(log).toContain('300 on 4 with 400');
    expect(log.filter((entry) => entry.endsWith('with 400'))).toHaveLength(2);
    await pool.close();
  });
});

describe('what has the machine to itself before it counts as failed', () => {
  it.each([
    'memory-lower-bound',
    'memory-ceiling',
    'out-of-memory',
    'scoring-timeout',
    'engine-crashed',
  ])('is a candidate that ended with %s beside others', async (code) => {
    const tried: number[] = [];
    const open = (threads: number, memoryBytes: number): Engine => ({
      ...pretended([], threads, memoryBytes),
      statistics() {
        tried.push(memoryBytes);
        const fails = memoryBytes < 400;
        if (fails) return Promise.reject(new WorkbenchError(code, 'Too much.', 'Less.'));
        return Promise.resolve({ losses: [memoryBytes] } as unknown as Statistics);
      },
    });
    const pool = new EnginePool({ layout: { workers: 4, threads: 1 }, memoryBytes: 400, open });
    const request = { graph: network('8:8:8:8:8'), termCap: 1 };
    expect((await pool.statistics(request)).losses).toEqual([400]);
    expect(tried).toEqual([100, 400]);
    await pool.close();
  });

  it('is none that failed by itself', async () => {
    const open = (threads: number, memoryBytes: number): Engine => ({
      ...pretended([], threads, memoryBytes),
      statistics: () => Promise.reject(new WorkbenchError('gradient-not-finite', 'NaN.', 'None.')),
    });
    const pool = new EnginePool({ layout: { workers: 2, threads: 1 }, memoryBytes: 400, open });
    const request = { graph: network('8:8:8:8:8'), termCap: 1 };
    await expect(pool.statistics(request)).rejects.toMatchObject({ code: 'gradient-not-finite' });
    await pool.close();
  });
});

describe('the layouts that are considered', () => {
  it('are one process and several, unless somebody says which', () => {
    const wishes = { threads: null } as const;
    expect(layoutsFor(wishes, 1, 8 * gibibyte)).toEqual([{ workers: 1, threads: 1 }]);
    expect(layoutsFor(wishes, 12, 8 * gibibyte)).toEqual([
      { workers: 1, threads: 8 },
      { workers: 12, threads: 1 },
    ]);
    expect(layoutsFor(wishes, 12, 2 * gibibyte)[1]).toEqual({ workers: 4, threads: 1 });
    const settled = layoutsFor({ threads: 7, workers: 3 }, 2, 8 * gibibyte);
    expect(settled).toEqual([{ workers: 3, threads: 2 }]);
    expect(() => layoutsFor({ threads: 2, workers: 3 }, 8, gibibyte)).toThrow(/3 scoring/);
  });

  it('are tried in turns, and the one with more candidates a minute is taken', async () => {
    const one = { workers: 1, threads: 4 };
    const several = { workers: 4, threads: 1 };
    const rates = async (secondsOfOne: number, failing: boolean) => {
      let now = 0;
      const trials = await tryLayouts({
        layouts: [one, several],
        network: network('8:8:8:8:8'),
        batches: randomBatches({ batchSize: 2 }),
        clock: () => now,
        open: ({ workers, threads }) => ({
          ...pretended([], threads, gibibyte),
          async statistics() {
            if (failing && workers > 1) throw new WorkbenchError('memory-ceiling', 'A.', 'B.');
            // Those side by side take the time of one of them.
            now += workers === 1 ? secondsOfOne * 1000 : 1000 / workers;
            return {} as Statistics;
          },
        }),
      });
      return { trials, taken: fastest(trials) };
    };
    expect((await rates(0.5, false)).trials).toEqual([
      { layout: one, candidatesPerMinute: 120 },
      { layout: several, candidatesPerMinute: 240 },
    ]);
    expect((await rates(0.5, false)).taken).toEqual(several);
    expect((await rates(0.1, false)).taken).toEqual(one);
    expect((await rates(0.5, true)).taken).toEqual(one);
  });
});
