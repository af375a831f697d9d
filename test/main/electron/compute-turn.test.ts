import { describe, expect, it } from 'vitest';
import { ComputeTurn, busyError, type Computation } from '../../../main/electron/compute-turn.ts';

const all: readonly Computation[] = ['search', 'models', 'benchmark', 'repeat'];
const pairs = all.flatMap((holder) => all.map((wanted) => [holder, wanted] as const));
const code: Readonly<Record<Computation, string>> = {
  search: 'search-running',
  models: 'models-being-scored',
  benchmark: 'benchmark-running',
  conversion: 'model-being-converted',
  repeat: 'candidate-being-repeated',
  network: 'network-being-scored',
};

describe('the turn to compute', () => {
  it.each(pairs)('while %s has it, %s gets none and is told why', (holder, wanted) => {
    const turn = new ComputeTurn();
    const giveBack = turn.take(holder);
    const second = holder === 'search' && wanted === 'search';
    expect(() => turn.take(wanted)).toThrow(
      expect.objectContaining({ code: second ? 'search-already-running' : code[holder] }),
    );
    expect(turn.isWith(holder)).toBe(true);
    giveBack();
    turn.take(wanted);
    expect(turn.isWith(wanted)).toBe(true);
  });

  it('is given back once: a late second time takes it from nobody', () => {
    const turn = new ComputeTurn();
    const giveBack = turn.take('repeat');
    giveBack();
    turn.take('benchmark');
    giveBack();
    expect(turn.isWith('benchmark')).toBe(true);
  });

  it('tells others apart from oneself', () => {
    const turn = new ComputeTurn();
    turn.assertNoOther('models');
    turn.take('models');
    turn.assertNoOther('models');
    expect(() => turn.assertNoOther('search')).toThrow(
      expect.objectContaining({ code: 'models-being-scored' }),
    );
  });

  it('says what to do in every case', () => {
    for (const one of all) expect(busyError(one).hint).toMatch(/Wait|wait/);
  });
});
