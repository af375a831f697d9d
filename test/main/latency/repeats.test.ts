import { describe, expect, it } from 'vitest';
import { leastRepeats } from '../../../main/latency/interval.ts';
import { Repeats, type TimedRepeat, type WantedPrecision } from '../../../main/latency/repeats.ts';

type Reason = 'slow-clock' | 'busy';
type Clocked = TimedRepeat<Reason> & { readonly clock?: number };

const asked: WantedPrecision = { repeats: 12, interval: 0.05, requeues: 4 };
const of = (ms: number, change: Partial<Clocked> = {}): Clocked => ({
  latenciesMs: [ms, ms, ms],
  discarded: null,
  ...change,
});

/** Adds repeats until the measurement is over. */
function measured(
  wanted: WantedPrecision,
  next: (i: number) => Clocked,
  contradicts = () => null as Reason | null,
) {
  const repeats = new Repeats<Reason, Clocked>(wanted, contradicts);
  for (let i = 0; !repeats.done; i++) repeats.add(next(i));
  return repeats;
}

describe('repeats that are taken until an interval is reached', () => {
  it('end with the first good look where all are identical, which still are no point', () => {
    const repeats = measured(asked, () => of(10));
    expect(repeats.all).toHaveLength(leastRepeats);
    expect(repeats.unsteady).toEqual([]);
  });

  it('are more where they scatter more', () => {
    const scattered = (share: number) => measured(asked, (i) => of(10 * (1 + share * (i % 2))));
    const [little, much] = [scattered(0.01), scattered(0.05)];
    expect(little.all.length).toBeLessThan(much.all.length);
    expect(much.unsteady).toEqual([]);
  });

  it('say that the most of them did not suffice, and all count', () => {
    const repeats = measured(asked, (i) => of(i % 2 === 0 ? 10 : 15));
    expect(repeats.counting).toHaveLength(12);
    expect(repeats.unsteady).toEqual(['interval-not-reached']);
  });

  it('cannot reach it with one repeat, and say so', () => {
    const repeats = measured({ ...asked, repeats: 1 }, () => of(10));
    expect(repeats.all).toHaveLength(1);
    expect(repeats.unsteady).toEqual(['interval-not-reached']);
  });

  it('put aside earlier ones that a later one contradicts, such as those at a lower clock', () => {
    const clocks = [2.0, 2.7, 2.7, 2.7, 2.7, 2.7];
    const repeats = new Repeats<Reason, Clocked>(asked, (one, counting) =>
      one.clock! < 0.95 * Math.max(...counting.map(({ clock = 0 }) => clock)) ? 'slow-clock' : null,
    );
    const said = clocks.slice(0, 5).map((clock) => repeats.add(of(27 / clock, { clock })));
    expect(said).toEqual([null, 'slow-clock', null, null, null]);
    expect(repeats.done).toBe(true);
    expect(repeats.all.map(({ discarded }) => discarded)).toEqual([
      'slow-clock',
      null,
      null,
      null,
      null,
    ]);
    expect(repeats.unsteady).toEqual([]);
  });

  it('count in full and are marked where too many went wrong', () => {
    const repeats = measured(asked, () => of(10, { discarded: 'busy' }));
    expect(repeats.all).toHaveLength(asked.requeues + 1);
    expect(repeats.counting).toHaveLength(asked.requeues + 1);
    expect(repeats.unsteady).toEqual(['busy']);
  });
});

it.each([[0], [-1], [NaN], [Infinity], []])('refuses a run of %d ms', (...latenciesMs) => {
  const repeats = new Repeats<Reason, Clocked>(asked);
  const add = () => repeats.add({ latenciesMs, discarded: null });
  expect(add).toThrow(expect.objectContaining({ code: 'latency-not-positive' }));
});

it('takes a fixed number that agree where no interval is asked for, as version 0.1 did', () => {
  const fixed = { repeats: 3, interval: null, requeues: 4 };
  expect(measured(fixed, () => of(10)).all).toHaveLength(3);
  const one = measured(fixed, (i) => of(i === 1 ? 14 : 10));
  expect(one.all.map(({ discarded }) => discarded)).toEqual([null, 'medians-drift', null, null]);
  expect(measured({ ...fixed, repeats: 1 }, () => of(10)).unsteady).toEqual([]);
});
