import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { paretoFront } from '../../../../main/common/pareto-front.ts';
import { orderByCost } from '../../../../renderer/open-run/columns/kept-order.ts';
import { kneeOf, scoreAll, SomeScores } from '../../../../renderer/open-run/ranking/pareto.ts';

describe('scores', () => {
  const columns = {
    length: 2,
    zico: Float64Array.of(100, NaN),
    zicoCapped: Float64Array.of(90, NaN),
    bias: Float64Array.of(20, 10),
  };

  it('are ZiCo less beta times the bias', () => {
    expect(scoreAll(columns, 0, false)[0]).toBe(100);
    expect(scoreAll(columns, 1.5, false)[0]).toBe(70);
  });

  it('take the capped ZiCo when asked to', () => {
    expect(scoreAll(columns, 1, true)[0]).toBe(70);
  });

  it('stay unknown for what was never scored', () => {
    expect(scoreAll(columns, 1, false)[1]).toBeNaN();
  });

  it('put another network in front when beta rises', () => {
    const two = {
      length: 2,
      zico: Float64Array.of(100, 99),
      zicoCapped: Float64Array.of(100, 99),
      bias: Float64Array.of(30, 10),
    };
    const cost = Float64Array.of(1, 1);
    const order = orderByCost(cost, 2);
    const generation = Int32Array.of(0, 0);
    const at = (beta: number) => [
      ...paretoFront({
        order,
        cost,
        score: scoreAll(two, beta, false),
        generation,
        upTo: Infinity,
      }),
    ];
    expect(at(0)).toEqual([0]);
    expect(at(1)).toEqual([1]);
  });
});

describe('the knee', () => {
  it('is the member farthest above the line between the ends', () => {
    const cost = Float64Array.of(1, 2, 4, 8);
    const score = Float64Array.of(0, 8, 9, 10);
    expect(kneeOf(Uint32Array.of(0, 1, 2, 3), cost, score)).toBe(1);
  });

  it('does not exist without an inside, nor on a straight line', () => {
    const cost = Float64Array.of(1, 10, 100);
    const score = Float64Array.of(0, 1, 2);
    expect(kneeOf(Uint32Array.of(0, 2), cost, score)).toBeNull();
    expect(kneeOf(Uint32Array.of(0, 1, 2), cost, score)).toBeNull();
  });
});

describe('scores of some', () => {
  it('are those that all of them would have there, however often and for however many', () => {
    const numbers = (n: number) => fc.float64Array({ minLength: n, maxLength: n, noNaN: true });
    const some = new SomeScores();
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }).chain((length) =>
          fc.record({
            ...{ zico: numbers(length), zicoCapped: numbers(length), bias: numbers(length) },
            indices: fc.uniqueArray(fc.nat(length - 1)),
          }),
        ),
        fc.double({ min: 0, max: 10, noNaN: true }),
        fc.boolean(),
        ({ indices, ...measures }, beta, capped) => {
          const columns = { length: measures.zico.length, ...measures };
          const all = scoreAll(columns, beta, capped);
          const few = some.of(columns, Uint32Array.from(indices), beta, capped);
          for (const i of indices) expect(few[i]).toBe(all[i]);
        },
      ),
    );
  });
});
