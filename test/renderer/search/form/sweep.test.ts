import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import App from '../../../../renderer/app/App.svelte';
import { WorkbenchShell } from '../../../../renderer/app/workbench.svelte.ts';
import { listedValues } from '../../../../renderer/search/form/sweep-lists.ts';
import { prepareDom } from '../../dom.ts';
import { FakeBridge, fakeRun } from '../../fake-bridge.ts';

beforeEach(() => prepareDom());
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

async function open(bridge = new FakeBridge()): Promise<FakeBridge> {
  location.hash = '#/new';
  render(App, { workbench: new WorkbenchShell(bridge) });
  await fireEvent.click(await screen.findByRole('button', { name: /Vary settings/ }));
  return bridge;
}
const list = (label: string, value: string) =>
  fireEvent.input(screen.getByLabelText(label), { target: { value } });
const addButton = () => screen.getByRole<HTMLButtonElement>('button', { name: /Add .* to queue/ });

describe('lists as they are typed', () => {
  it.each([
    ['1, 2, 3', ['1', '2', '3']],
    ['1 2;3', ['1', '2', '3']],
    ['1-4', ['1', '2', '3', '4']],
    ['1 - 3, 9', ['1', '2', '3', '9']],
    ['20M, 80 M', ['20M', '80M']],
    ['0.5 1', ['0.5', '1']],
    ['4-1', ['4-1']],
    ['', []],
  ])('%s', (typed, values) => {
    expect(listedValues(typed)).toEqual(values);
  });
});

describe('a sweep in the form', () => {
  it('counts its searches and their time before anything is added', async () => {
    const bridge = new FakeBridge([fakeRun({ run: 'earlier', candidates: 20 })]);
    await open(bridge);
    await list('Seeds', '1-3');
    await list('Strengths of bias correction (β)', '0, 1');
    expect(await screen.findByText('6 searches')).toBeTruthy();
    // Ten generations of twenty, at 1.1 s as in the earlier run.
    expect(screen.getByText('for at most 1,200 candidates in all')).toBeTruthy();
    expect(screen.getByText('about 22 min')).toBeTruthy();
    expect(addButton().textContent).toContain('Add 6 searches to queue');
    expect(screen.queryByRole('button', { name: /Start search/ })).toBeNull();
  });

  it('says of how many searches the time is not known', async () => {
    await open();
    await list('Seeds', '1, 2');
    expect(await screen.findByText(/For 2 searches it is not known yet/)).toBeTruthy();
  });

  it('is added as what the form and the lists say, and shown', async () => {
    const bridge = await open();
    await fireEvent.input(screen.getByLabelText('Name'), { target: { value: 'Night' } });
    await list('Seeds', '1, 2');
    await list('Limits of MACs', '20M 80M');
    await fireEvent.click(screen.getByLabelText('As published'));
    await fireEvent.click(addButton());
    await vi.waitFor(() => expect(bridge.queue.added).toHaveLength(4));
    expect(bridge.queue.added.map(({ name, group }) => [name, group])).toEqual([
      ['Night, as published, 20M MACs, seed 1', 'as published, 20M MACs'],
      ['Night, as published, 20M MACs, seed 2', 'as published, 20M MACs'],
      ['Night, as published, 80M MACs, seed 1', 'as published, 80M MACs'],
      ['Night, as published, 80M MACs, seed 2', 'as published, 80M MACs'],
    ]);
    const [first] = bridge.queue.added;
    expect(first!.settings).toMatchObject({
      seed: 1,
      maxMacs: 20e6,
      preset: 'paper',
      termCap: null,
    });
    await vi.waitFor(() => expect(location.hash).toBe('#/sweep/sweep%20of%20Night'));
  });

  it('makes a preset custom where a list overrides it, as the form does', async () => {
    const bridge = await open();
    await fireEvent.click(screen.getByLabelText('Robust'));
    await list('Strengths of bias correction (β)', '7');
    await fireEvent.click(addButton());
    await vi.waitFor(() => expect(bridge.queue.added).toHaveLength(1));
    expect(bridge.queue.added[0]!.settings).toMatchObject({
      preset: 'custom',
      beta: 7,
      termCap: 100,
    });
  });

  it.each([
    ['Seeds', '1, two', /^two: /],
    ['Seeds', '1, 1', /there twice/],
    ['Limits of MACs', '-3', /^-3: /],
    ['Seeds', '1-2000', /2,000 searches; at most 1,000/],
  ])('refuses %s %s, and says why', async (label, typed, said) => {
    await open();
    await list(label, typed);
    expect((await screen.findAllByText(said)).length).toBeGreaterThan(0);
    expect(addButton().disabled).toBe(true);
  });

  it('is gone with its lists', async () => {
    await open();
    await list('Seeds', '1, 2');
    await fireEvent.click(screen.getByRole('button', { name: 'One search only' }));
    expect(await screen.findByRole('button', { name: /Start search/ })).toBeTruthy();
    expect(screen.queryByLabelText('Seeds')).toBeNull();
  });

  it('comes back with the form that was left', async () => {
    await open();
    await list('Seeds', '1, 2');
    location.hash = '#/searches';
    await fireEvent.click(await screen.findByRole('link', { name: 'Searches' }));
    await fireEvent.click(screen.getByRole('link', { name: 'New search' }));
    expect(await screen.findByLabelText('Seeds')).toHaveProperty('value', '1, 2');
  });
});

describe('one search', () => {
  it('is added to the queue while another one runs', async () => {
    const bridge = new FakeBridge([fakeRun({ run: 'live', state: 'searching', candidates: 3 })]);
    location.hash = '#/new';
    render(App, { workbench: new WorkbenchShell(bridge) });
    const add = await screen.findByRole('button', { name: 'Add to queue' });
    await vi.waitFor(() =>
      expect(screen.getByRole('button', { name: /Start search/ })).toHaveProperty('disabled', true),
    );
    await fireEvent.click(add);
    await vi.waitFor(() => expect(bridge.queue.added).toHaveLength(1));
    expect(bridge.queue.added[0]).toMatchObject({ name: 'nats-sss search', group: '' });
    expect(await screen.findByRole('heading', { level: 1, name: 'Queue' })).toBeTruthy();
  });
});
