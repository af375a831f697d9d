import { describe, expect, it } from 'vitest';
import { RunSession } from '../../../renderer/open-run/session.svelte.ts';
import { FakeBridge, fakeRun, Refusal, rows } from '../fake-bridge.ts';

async function open(candidates = 120, settings = {}) {
  const bridge = new FakeBridge([fakeRun({ run: 'r', candidates, settings, state: 'searching' })]);
  const errors: unknown[] = [];
  const session = new RunSession(bridge, 'r', (error) => errors.push(error));
  await session.open();
  return { bridge, session, errors };
}

const idAt = (session: RunSession, index: number): number => session.data.columns.ids[index]!;

describe('a session', () => {
  it('ranks as the run was ranked', async () => {
    const { session } = await open(60, { beta: 2, termCap: 50, latency: 'macs' });
    expect(session.ranking.beta).toBe(2);
    expect(session.ranking.capped).toBe(true);
    expect(session.ranking.axis).toBe('macs');
    expect(session.ranking.front.length).toBeGreaterThan(0);
  });

  it('is not open where its candidates cannot be read, and is once they can', async () => {
    const bridge = new FakeBridge([fakeRun({ run: 'r', candidates: 60, state: 'stopped' })]);
    bridge.overrides['runs.candidates'] = () => {
      throw new Refusal({ code: 'not-a-run-file', message: 'Row 7 is damaged.', hint: 'Copy.' });
    };
    const errors: unknown[] = [];
    const session = new RunSession(bridge, 'r', (error) => errors.push(error));
    expect(await session.open()).toBe(false);
    expect(errors).toHaveLength(1);
    expect(session.data.progress).toBeNull();
    delete bridge.overrides['runs.candidates'];
    await session.data.reload();
    expect(session.data.progress).not.toBeNull();
    session.close();
  });

  it('keeps what is slower than the limit of the search off the front', async () => {
    const { session: free } = await open();
    const { front, costs } = free.ranking;
    const limit = costs[front[Math.floor(front.length / 2)]!]!;
    const { session } = await open(120, { maxLatencyMs: limit });
    const within = [...front].filter((i) => costs[i]! <= limit);
    expect([...session.ranking.front]).toEqual(within);
    expect(within.length).toBeLessThan(front.length);
    expect(session.ranking.order).toEqual(free.ranking.order); // all of them show
    session.ranking.axis = 'macs';
    expect(session.ranking.front.length).toBeGreaterThan(0);
  });

  it('re-ranks everything at once when beta moves', async () => {
    const { session } = await open();
    const before = session.ranking.scores[0];
    const row = session.data.columns.at(0);
    session.ranking.beta = 3;
    expect(session.ranking.scores[0]).toBeCloseTo((row.zico ?? 0) - 3 * (row.bias ?? 0));
    expect(session.ranking.scores[0]).not.toBe(before);
  });

  it('remembers the front of the moment beta was grasped', async () => {
    const { session } = await open();
    const front = session.ranking.front;
    session.ranking.grasp();
    session.ranking.beta = 3;
    session.ranking.grasp();
    expect(session.ranking.ghost).toEqual({ beta: 1, front });
    session.ranking.release();
    expect(session.ranking.ghost).toBeNull();
  });

  it('shows only the front of the generation one went back to', async () => {
    const { session } = await open();
    session.ranking.generation = 1;
    const { columns } = session.data;
    expect([...session.ranking.front].every((i) => columns.generation[i]! <= 1)).toBe(true);
    expect(session.table.rows).toHaveLength(session.ranking.front.length);
  });

  it('keeps the selection when candidates arrive', async () => {
    const { bridge, session } = await open(100);
    session.selectKnee();
    const { id } = session.selection;
    expect(id).not.toBeNull();
    bridge.add('r', rows(140).slice(100));
    await session.data.reload();
    expect(session.data.columns.length).toBe(140);
    expect(session.selection.id).toBe(id);
  });

  it('walks along the front and stops at its ends', async () => {
    const { session } = await open();
    const { front } = session.ranking;
    session.walkFront(1);
    expect(session.selection.id).toBe(idAt(session, front[0]!));
    session.walkFront(1);
    expect(session.selection.id).toBe(idAt(session, front[1]!));
    for (let i = 0; i < 200; i++) session.walkFront(1);
    expect(session.selection.id).toBe(idAt(session, front[front.length - 1]!));
  });

  it('steps from a dominated candidate to its neighbours on the front', async () => {
    const { session } = await open();
    const { front, costs, order, onFront } = session.ranking;
    const dominated = order.find((i) => !onFront.has(i) && costs[i]! > costs[front[2]!]!)!;
    session.selection.select(idAt(session, dominated));
    session.walkFront(-1);
    const left = session.selectedIndex!;
    expect(onFront.has(left)).toBe(true);
    expect(costs[left]).toBeLessThan(costs[dominated]!);
  });

  it('walks the table in the order it is sorted', async () => {
    const { session } = await open();
    session.table.filter = 'all';
    session.table.sortBy('score');
    session.walkTable(1);
    session.walkTable(1);
    expect(session.selectedIndex).toBe(session.table.rows[1]);
    const [first = NaN, second = NaN] = [...session.table.rows].map(
      (index) => session.ranking.scores[index]!,
    );
    expect(first).toBeGreaterThanOrEqual(second);
  });

  it('asks for the details of a candidate once', async () => {
    const { bridge, session } = await open();
    await Promise.all([session.details.load(3), session.details.load(3)]);
    await session.details.load(3);
    expect(bridge.calls.filter((call) => call.method === 'runs.candidate')).toHaveLength(1);
    expect(session.details.get(3)?.row.id).toBe(3);
    expect(session.details.conditions).toContain('1 thread');
  });

  it('says so when a run cannot be opened', async () => {
    const errors: unknown[] = [];
    const session = new RunSession(new FakeBridge(), 'gone', (error) => errors.push(error));
    expect(await session.open()).toBe(false);
    expect(errors).toHaveLength(1);
  });
});
