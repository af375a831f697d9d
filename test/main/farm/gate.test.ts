import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Gate } from '../../../main/farm/gate.ts';

const never = new AbortController().signal;

/** Asks for so many to be let through, and ends each by hand. */
function asking(gate: Gate, count: number) {
  const entered: number[] = [];
  const leave: (() => void)[] = [];
  for (let i = 0; i < count; i++) {
    const work = () => {
      entered.push(i);
      return new Promise<void>((resolve) => leave.push(resolve));
    };
    void gate.through(never, work);
  }
  return { entered, leave };
}

async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await nextTurn();
}

describe('Gate', () => {
  it('lets as many through as it is wide, in order of arrival', async () => {
    const { entered, leave } = asking(new Gate(2), 5);
    await turns(2);
    expect(entered).toEqual([0, 1]);
    leave[0]!();
    await turns(2);
    expect(entered).toEqual([0, 1, 2]);
  });

  it('gives others a turn while many enter', async () => {
    const gate = new Gate(0);
    const { entered } = asking(gate, 100);
    gate.widen(100);
    await Promise.resolve();
    const atOnce = entered.length;
    expect(atOnce).toBeGreaterThan(0);
    expect(atOnce).toBeLessThan(20);
    await turns(30);
    expect(entered).toEqual(Array.from({ length: 100 }, (_, i) => i));
  });

  it('does so where they come at once, and where many leave at once', async () => {
    const gate = new Gate(50);
    const { entered, leave } = asking(gate, 100);
    await Promise.resolve();
    expect(entered.length).toBeLessThan(20);
    await turns(30);
    expect(entered).toHaveLength(50);
    leave.forEach((end) => end());
    await Promise.resolve();
    await Promise.resolve();
    expect(entered.length).toBeLessThan(70);
    await turns(30);
    expect(entered).toHaveLength(100);
  });

  it('never lets more through than it is wide while it waits for a turn', async () => {
    const gate = new Gate(0);
    const { entered, leave } = asking(gate, 40);
    gate.widen(20);
    gate.widen(12);
    await turns(10);
    expect(entered).toHaveLength(12);
    leave.slice(0, 3).forEach((end) => end());
    await turns(10);
    expect(entered).toHaveLength(15);
  });

  it('forgets who gave up before there was room', async () => {
    const gate = new Gate(1);
    const { leave } = asking(gate, 1);
    const giving = new AbortController();
    const left = gate.through(giving.signal, () => Promise.resolve());
    giving.abort(new Error('enough'));
    await expect(left).rejects.toThrow('enough');
    await turns(1);
    leave[0]!();
    await expect(gate.through(never, () => Promise.resolve('in'))).resolves.toBe('in');
  });
});
