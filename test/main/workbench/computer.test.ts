import { describe, expect, it } from 'vitest';
import type { Engine, Statistics } from '../../../main/engine/engine.ts';
import type { Latency, LatencySource } from '../../../main/latency/latency.ts';
import { Computer } from '../../../main/workbench/computer.ts';

/** Work that others can see, and that ends when it is told to. */
function work() {
  const log: string[] = [];
  const ends = new Map<string, () => void>();
  const doing = <T>(name: string): Promise<T> => {
    log.push(name);
    return new Promise((resolve) => ends.set(name, () => resolve({} as T)));
  };
  const settled = async (name: string): Promise<void> => {
    ends.get(name)!();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { log, doing, settled };
}

const engine = (name: string, { doing }: ReturnType<typeof work>): Engine => ({
  identity: { name: 'onnxruntime', version: '0', threads: 1 },
  useBatches: async () => undefined,
  statistics: () => doing<Statistics>(name),
  proxies: () => doing(name),
  close: async () => undefined,
});

const source = (name: string, exclusive: boolean, { doing }: ReturnType<typeof work>) =>
  ({
    kind: exclusive ? 'host' : 'phone',
    exclusive,
    measure: () => doing<Latency>(name),
    close: async () => undefined,
  }) satisfies LatencySource;

const nothing = {} as never;
const begun = () => new Promise((resolve) => setImmediate(resolve));

describe('the computer that two workbenches share', () => {
  it('measures models as their files have them in the same turns, where a source can', async () => {
    const seen = work();
    const computer = new Computer();
    const scoring = computer.scoring(engine('score', seen));
    const plain = source('measure', true, seen);
    const able = { ...plain, measureStored: () => seen.doing<Latency>('stored') };
    expect(computer.measuring(plain).measureStored).toBeUndefined();
    void scoring.statistics(nothing);
    void computer.measuring(able).measureStored!(nothing);
    await begun();
    expect(seen.log).toEqual(['score']);
    await seen.settled('score');
    expect(seen.log).toEqual(['score', 'stored']);
  });

  it('measures while neither of them scores, one after the other', async () => {
    const seen = work();
    const computer = new Computer();
    const one = computer.scoring(engine('score 1', seen));
    const two = computer.scoring(engine('score 2', seen));
    const measured = computer.measuring(source('measure 1', true, seen));
    const other = computer.measuring(source('measure 2', true, seen));
    void one.statistics(nothing);
    void two.statistics(nothing);
    void measured.measure(nothing);
    void other.measure(nothing);
    void two.proxies(nothing);
    await begun();
    expect(seen.log).toEqual(['score 1', 'score 2']);
    await seen.settled('score 1');
    expect(seen.log).toEqual(['score 1', 'score 2']);
    await seen.settled('score 2');
    expect(seen.log.slice(2)).toEqual(['measure 1']);
    await seen.settled('measure 1');
    expect(seen.log.slice(3)).toEqual(['measure 2']);
    await seen.settled('measure 2');
    expect(seen.log.slice(4)).toEqual(['score 2']);
  });

  it('lets a phone measure whatever is scored', async () => {
    const seen = work();
    const computer = new Computer();
    void computer.scoring(engine('score', seen)).statistics(nothing);
    void computer.measuring(source('phone', false, seen)).measure(nothing);
    await begun();
    expect(seen.log).toEqual(['phone', 'score']);
  });

  it('forgets who waits and gives up', async () => {
    const seen = work();
    const computer = new Computer();
    const scoring = computer.scoring(engine('score', seen));
    void computer.measuring(source('measure', true, seen)).measure(nothing);
    const stop = new AbortController();
    const waiting = scoring.statistics(nothing, stop.signal);
    stop.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    await seen.settled('measure');
    expect(seen.log).toEqual(['measure']);
  });
});
