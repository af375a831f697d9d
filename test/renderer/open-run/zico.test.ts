/** Candidates of a run that ranks by other scores are given their ZiCo. */
import { describe, expect, it } from 'vitest';
import { RunSession } from '../../../renderer/open-run/session.svelte.ts';
import { FakeBridge, fakeRun, Refusal } from '../fake-bridge.ts';

async function open(score = 'near') {
  const run = fakeRun({ run: 'r', candidates: 60, settings: { score, beta: 2, latency: 'macs' } });
  if (score === 'near') {
    run.rows = run.rows.map((row) => ({
      ...row,
      ...{ zico: null, zicoCapped: null, bias: null, biases: {} },
      proxies: row.status === 'failed' ? {} : { near: row.id },
    }));
  }
  const bridge = new FakeBridge([run]);
  const errors: unknown[] = [];
  const session = new RunSession(bridge, 'r', (error) => errors.push(error));
  await session.open();
  return { bridge, session, errors };
}

const evaluated = ({ data }: RunSession): number[] =>
  [...data.columns.ids.subarray(0, data.columns.length)].filter(
    (id) => !data.columns.isFailed(data.columns.index(id)!),
  );

describe('ZiCo that a run does not compute', () => {
  it('is given to those that lack it, one after the other, and stands in every view', async () => {
    const { bridge, session, errors } = await open();
    const [first, second, third] = evaluated(session) as [number, number, number];
    expect(session.measures.get('zico')).toBeUndefined();
    await session.details.load(first);
    await session.zico.give([first, second]);
    expect(errors).toEqual([]);
    expect(bridge.calls.filter(({ method }) => method === 'candidate.giveZico')).toHaveLength(2);
    expect(session.data.columns.row(first)).toMatchObject({
      ...{ zico: 100 + first, zicoCapped: 90 + first, bias: 10 },
      biases: { deployment_live: 10 },
    });
    expect(session.details.get(first)!.row.zico).toBe(100 + first);
    // A column, an axis and a colour now; of the others it has no value.
    const { columns } = session.data;
    const values = session.measures.get('zico')!.values;
    expect(values[columns.index(second)!]).toBe(100 + second);
    expect(values[columns.index(third)!]).toBeNaN();
    expect(session.zico.missing([first, second, third])).toEqual([third]);
    // The search's own ranking stays.
    expect(session.ranking.score).toBe('near');
    await session.zico.give([first, second]);
    expect(bridge.calls.filter(({ method }) => method === 'candidate.giveZico')).toHaveLength(2);
  });

  it('shows on an axis that was looked at before', async () => {
    const { session } = await open();
    const [first, second] = evaluated(session) as [number, number];
    await session.zico.give([first]);
    session.chart.setAxis('y', 'zico');
    const at = (id: number): number => session.places.y[session.data.columns.index(id)!]!;
    expect(at(first)).toBe(100 + first);
    expect(at(second)).toBeNaN();
    await session.zico.give([second]);
    expect(at(second)).toBe(100 + second);
  });

  it('is not asked for what failed, nor in a run that has it', async () => {
    const { session } = await open();
    const { columns } = session.data;
    const failed = [...columns.ids].find(
      (id) => columns.index(id) !== undefined && columns.isFailed(columns.index(id)!),
    );
    if (failed !== undefined) expect(session.zico.missing([failed])).toEqual([]);
    const { session: whole } = await open('zico-bc');
    expect(whole.zico.missing(evaluated(whole))).toEqual([]);
  });

  it('keeps what was done where it is cancelled, or goes wrong', async () => {
    const { bridge, session, errors } = await open();
    const [first, second, third] = evaluated(session) as [number, number, number];
    const refusal = { code: 'engine-missing', message: 'Gone.', hint: 'Build it.' };
    bridge.overrides['candidate.giveZico'] = ({ id }) => {
      if (id === second) return null;
      if (id === third) throw new Refusal(refusal);
      return { zico: 1, zicoCapped: 1, bias: 1, biases: {} };
    };
    await session.zico.give([first, second, third]);
    expect(session.zico.current).toBeNull();
    expect(session.zico.missing([first, second, third])).toEqual([second, third]);
    await session.zico.give([third]);
    expect(errors).toHaveLength(1);
    expect(session.zico.current).toBeNull();
  });
});
