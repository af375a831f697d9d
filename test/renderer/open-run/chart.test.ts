/** Axes, filter and measures as stores: what the views of a run share. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RunSession } from '../../../renderer/open-run/session.svelte.ts';
import { FakeBridge, fakeRun, space } from '../fake-bridge.ts';

beforeEach(() => localStorage.clear());
afterEach(() => localStorage.clear());

async function open(settings = {}): Promise<RunSession> {
  const session = new RunSession(
    new FakeBridge([fakeRun({ run: 'r', candidates: 60, settings })]),
    'r',
    (error) => {
      throw error;
    },
  );
  await session.open();
  return session;
}

describe('the choices of the chart', () => {
  it('come back with the run', async () => {
    const { chart } = await open();
    chart.setAxis('y', 'zico');
    chart.setAxis('x', 'macs');
    chart.setLogarithmic('x', false);
    chart.colour = 'gene:c2';
    chart.view = 'parallel';
    chart.cap = 3e7;
    const again = await open();
    expect(again.chart.x).toEqual({ key: 'macs', logarithmic: false });
    expect(again.chart.y.key).toBe('zico');
    expect(again.chart.colour).toBe('gene:c2');
    expect(again.chart.view).toBe('parallel');
    expect(again.ranking.axis).toBe('macs');
    expect(again.ranking.cap).toBe(3e7);
  });

  it.each([
    ['no JSON', '{'],
    ['no object', '7'],
    ['unknown axes', '{"x":"speed","y":"score"}'],
    ['one axis twice', '{"x":"macs","y":"macs"}'],
    ['a gene of another space', '{"x":"gene:depth","y":"score","colour":"gene:depth"}'],
    ['counts that make no sense', '{"bands":1000,"each":-1,"caps":{"latency":"x"}}'],
  ])('are the usual ones where %s was stored', async (_what, stored) => {
    localStorage.setItem('zico.chart.r', stored);
    const { chart, ranking } = await open();
    expect(chart.x).toEqual({ key: 'latency', logarithmic: true });
    expect(chart.y).toEqual({ key: 'score', logarithmic: false });
    expect([chart.colour, chart.bands, chart.each]).toEqual(['generation', 5, 1]);
    expect(ranking.cap).toBeNull();
  });

  it('never show a latency that the search did not take', async () => {
    localStorage.setItem('zico.chart.r', '{"x":"latency","y":"score"}');
    const { chart, measures } = await open({ latency: 'macs' });
    expect(chart.x.key).toBe('macs');
    expect(measures.get('latency')).toBeUndefined();
  });

  it('make the cost that is looked at the cost of the front', async () => {
    const { chart, ranking } = await open();
    chart.setAxis('x', 'parameters');
    expect(ranking.axis).toBe('parameters');
    expect(chart.costSide).toBe('x');
    chart.setAxis('x', 'bias');
    expect(ranking.axis).toBe('parameters'); // the last one
    expect(chart.costSide).toBeNull();
  });
});

describe('the filter', () => {
  it('keeps what meets every range, in every view', async () => {
    const { filter, data, table, measures } = await open();
    const { columns } = data;
    filter.set({ 'gene:c0': { from: 8, to: 24 }, zico: { from: -1e9, to: 1e9 } });
    const kept = Array.from({ length: columns.length }, (_, i) => i).filter(
      (i) => columns.gene(0)[i]! <= 24 && !columns.isFailed(i),
    );
    expect(kept.length).toBeGreaterThan(0);
    table.filter = 'all';
    expect([...table.listed].sort((a, b) => a - b)).toEqual(kept);
    expect(filter.passing).toBe(kept.length);
    expect(filter.parts.map(({ measure }) => measure)).toEqual([
      measures.get('gene:c0'),
      measures.get('zico'),
    ]);
    filter.set({ zico: null });
    expect(filter.range('zico')).toBeNull();
    filter.clear();
    expect(filter.mask).toBeNull();
  });

  it('counts those of the generations shown', async () => {
    const { filter, ranking } = await open();
    filter.set({ zico: { from: -1e9, to: 1e9 } });
    const all = filter.parts[0]!.count;
    ranking.generation = 0;
    expect(filter.parts[0]!.count).toBeLessThan(all);
    expect(filter.passing).toBe(filter.parts[0]!.count);
  });
});

describe('the measures', () => {
  it('are those of the run, with units that fit its largest network', async () => {
    const { measures, data, ranking } = await open();
    expect(measures.all.map(({ title }) => title).slice(-5)).toEqual(
      space.genes.map(({ name }) => name),
    );
    expect(measures.get('macs')).toMatchObject({ unit: 'M', divisor: 1e6 });
    expect(measures.get('latency')?.values).toBe(data.columns.latencyMs);
    ranking.capped = true;
    expect(measures.get('zico')?.values).toBe(data.columns.zicoCapped);
    expect(measures.get('gene:c0')?.choices).toEqual(space.genes[0]!.choices);
  });
});
