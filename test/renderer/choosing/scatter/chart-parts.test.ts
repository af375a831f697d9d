/** The parts around the chart: cap, chips, axes, bands. Each works on a session, as on the page. */
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import BandsTable from '../../../../renderer/choosing/bands/BandsTable.svelte';
import AxesMenu from '../../../../renderer/choosing/scatter/AxesMenu.svelte';
import CapField from '../../../../renderer/choosing/scatter/CapField.svelte';
import CapHandle from '../../../../renderer/choosing/scatter/CapHandle.svelte';
import FilterChips from '../../../../renderer/choosing/scatter/FilterChips.svelte';
import { RunSession } from '../../../../renderer/open-run/session.svelte.ts';
import { prepareDom } from '../../dom.ts';
import { FakeBridge, fakeRun } from '../../fake-bridge.ts';
import type { Known } from '../../../../main/common/known.ts';

beforeEach(() => prepareDom());
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const frame = { left: 50, right: 450, top: 10, bottom: 210 };

async function open(candidates = 80): Promise<RunSession> {
  const bridge = new FakeBridge([fakeRun({ run: 'r', candidates })]);
  const session = new RunSession(bridge, 'r', (error) => {
    throw error;
  });
  await session.open();
  session.viewport.fitAll(session.extent());
  return session;
}
const costs = (session: RunSession): number[] =>
  [...session.ranking.front].map((index) => session.ranking.costs[index]!);

describe('the field of the cap', () => {
  const field = () => screen.getByRole('textbox');
  const type = (value: string) => fireEvent.input(field(), { target: { value } });

  it('caps while one types, in the unit of the axis, with a comma as well', async () => {
    const session = await open();
    render(CapField, { session });
    await type('2,5');
    expect(session.ranking.cap).toBe(2.5);
    session.ranking.axis = 'macs';
    await waitFor(() => expect(screen.getByLabelText('MACs cap')).toBeTruthy());
    await type('40');
    expect(session.ranking.cap).toBe(40e6);
    session.ranking.axis = 'latency';
    expect(session.ranking.cap).toBe(2.5); // each cost has its own
  });

  it.each(['abc', '0', '-3', '1 2'])(
    'says of "%s" that it is no cap, and changes none',
    async (typed) => {
      const session = await open();
      session.chart.cap = 3;
      render(CapField, { session });
      await type(typed);
      expect(field().getAttribute('aria-invalid')).toBe('true');
      expect(session.ranking.cap).toBe(3);
      await fireEvent.blur(field());
      expect(field().getAttribute('aria-invalid')).toBe('false'); // shows the cap itself again
    },
  );

  it('selects the best under it, and says where there is none', async () => {
    const session = await open();
    render(CapField, { session });
    const [least, second] = costs(session) as Known<number>;
    session.chart.cap = (least + second) / 2;
    await fireEvent.click(await screen.findByRole('button', { name: /^Best:/ }));
    expect(session.selectedIndex).toBe(session.ranking.front[0]);
    session.chart.cap = least / 2;
    await screen.findByText('No candidate is below it.');
    await fireEvent.click(screen.getByRole('button', { name: 'Remove the cap' }));
    expect(session.ranking.cap).toBeNull();
    expect(screen.queryByRole('button')).toBeNull();
  });

  it('is removed by emptying the field', async () => {
    const session = await open();
    session.chart.cap = 3;
    render(CapField, { session });
    await type('');
    expect(session.ranking.cap).toBeNull();
  });
});

describe('the handle of the cap', () => {
  const handle = () => screen.getByRole('slider', { name: /^Cap/ });
  const press = (key: string) => fireEvent.keyDown(handle(), { key });

  it('goes from member to member of the front by keys, and away with Delete', async () => {
    const session = await open();
    const all = costs(session);
    session.chart.cap = (all[0]! + all[1]!) / 2;
    render(CapHandle, { session, frame });
    await press('ArrowRight');
    expect(session.ranking.cap).toBe(all[1]);
    await press('ArrowUp');
    expect(session.ranking.cap).toBe(all[2]);
    await press('ArrowLeft');
    expect(session.ranking.cap).toBe(all[1]);
    await press('Home');
    expect(session.ranking.cap).toBe(all[0]);
    await press('ArrowLeft');
    expect(session.ranking.cap).toBe(all[0]); // nothing is cheaper
    await press('Delete');
    expect(session.ranking.cap).toBeNull();
    expect(screen.queryByRole('slider')).toBeNull();
  });

  it('tells its value with the unit, and is not there where the axes are others', async () => {
    const session = await open();
    session.chart.cap = costs(session)[1]!;
    render(CapHandle, { session, frame });
    expect(handle().getAttribute('aria-valuetext')).toMatch(/^\d[\d.]* ms$/);
    expect(handle().getAttribute('aria-orientation')).toBe('horizontal');
    session.chart.swap();
    session.viewport.axesChanged(session.extent());
    await waitFor(() => expect(handle().getAttribute('aria-orientation')).toBe('vertical'));
    session.chart.setAxis('x', 'bias');
    await waitFor(() => expect(screen.queryByRole('slider')).toBeNull());
  });
});

describe('the chips of the filter', () => {
  it('say what is kept and how many meet it, and go one by one or all at once', async () => {
    const session = await open();
    const evaluated = session.data.columns.length - session.data.columns.failed;
    render(FilterChips, { session });
    expect(screen.getByText(/Shift-drag/)).toBeTruthy();
    session.filter.set({ score: { from: -1e9, to: 1e9 } });
    const chip = await screen.findByRole('button', { name: /Remove the filter of Score/ });
    expect(chip.getAttribute('aria-label')).toContain(`, ${evaluated}: `);
    expect(screen.queryByRole('button', { name: 'Clear' })).toBeNull();

    session.filter.set({ generation: { from: 1, to: 1 } });
    const second = await screen.findByRole('button', { name: /filter of Generation/ });
    expect(second.textContent).toContain('1');
    const passing = session.filter.passing!;
    expect(passing).toBeLessThan(evaluated);
    expect(screen.getByText(`${passing} of ${evaluated}`)).toBeTruthy();

    await fireEvent.click(chip);
    expect(session.filter.range('score')).toBeNull();
    session.filter.set({ score: { from: 0, to: 1 } });
    await fireEvent.click(await screen.findByRole('button', { name: 'Clear' }));
    expect(session.filter.active).toBe(false);
    expect(screen.getByText(/Shift-drag/)).toBeTruthy();
  });
});

describe('the menu of the axes', () => {
  async function menu(session: RunSession) {
    render(AxesMenu, { session });
    await fireEvent.click(screen.getByRole('button', { name: /Score \/ latency/ }));
    // jsdom places nothing, so what floats stays out of the tree of roles.
    return within(await screen.findByLabelText('Axes of the chart', { selector: '.float' }));
  }

  it('offers every measure and gene, and takes the other axis along where they meet', async () => {
    const session = await open();
    const inside = await menu(session);
    const vertical = inside.getByLabelText<HTMLSelectElement>('Vertical');
    expect([...vertical.options].map(({ text }) => text)).toEqual(
      session.measures.all.map(({ title }) => title),
    );
    await fireEvent.change(vertical, { target: { value: 'gene:c0' } });
    expect(session.chart.y).toEqual({ key: 'gene:c0', logarithmic: false });
    expect(inside.getByText(/The line needs the score/)).toBeTruthy();
    await fireEvent.change(vertical, { target: { value: 'latency' } });
    expect(session.chart.y.key).toBe('latency');
    expect(session.chart.x.key).toBe('gene:c0');
  });

  it('spaces an axis by logarithm, swaps both, and goes back to score against cost', async () => {
    const session = await open();
    const inside = await menu(session);
    await fireEvent.click(inside.getByLabelText('Horizontal axis logarithmic'));
    expect(session.chart.x).toEqual({ key: 'latency', logarithmic: false });
    const standard = inside.getByText<HTMLElement>('Score against cost');
    expect(standard).toHaveProperty('disabled', true);
    await fireEvent.click(inside.getByText('Swap the axes'));
    expect(session.chart.x.key).toBe('score');
    await fireEvent.click(standard);
    expect(session.chart.x).toEqual({ key: 'latency', logarithmic: true });
  });
});

describe('the bands', () => {
  const names = () =>
    screen
      .getAllByRole('row')
      .slice(1)
      .map((row) => within(row).queryByRole('button')?.textContent?.trim() ?? null);

  it('hold every candidate once, and list the best of each', async () => {
    const session = await open();
    render(BandsTable, { session });
    expect(names()).toHaveLength(5);
    const members = screen
      .getAllByRole('row')
      .slice(1)
      .map((row) => Number(row.querySelectorAll('td')[1]!.textContent));
    expect(members.reduce((sum, n) => sum + n, 0)).toBe(session.ranking.order.length);
    const best = session.ranking.scores.reduce(
      (top, score, index, all) => (score > all[top]! || Number.isNaN(all[top]) ? index : top),
      0,
    );
    expect(names()).toContain(`c-${String(session.data.columns.ids[best]).padStart(4, '0')}`);
  });

  it('follow their sliders, remember them, and keep to the filter', async () => {
    const session = await open();
    render(BandsTable, { session });
    await fireEvent.input(screen.getByLabelText(/^Bands/), { target: { value: '3' } });
    await fireEvent.input(screen.getByLabelText(/^Of each/), { target: { value: '2' } });
    expect(names()).toHaveLength(6);
    expect(JSON.parse(localStorage.getItem('zico.chart.r')!)).toMatchObject({ bands: 3, each: 2 });
    session.filter.set({ score: { from: 1e8, to: 1e9 } });
    await screen.findByText('No candidate has a cost and a score yet.');
  });

  it('select the candidate that is pressed', async () => {
    const session = await open();
    render(BandsTable, { session });
    const button = screen.getAllByRole('button')[0]!;
    await fireEvent.click(button);
    expect(session.selection.id).toBe(Number(button.textContent?.trim().slice(2)));
  });
});
