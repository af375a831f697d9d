import { cleanup, fireEvent, render, screen, within } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FarmView } from '../../../preload/contract.ts';
import App from '../../../renderer/app/App.svelte';
import { WorkbenchShell } from '../../../renderer/app/workbench.svelte.ts';
import { workersTable } from '../../../renderer/farm/workers-table.ts';
import { prepareDom } from '../dom.ts';
import { FakeBridge, Refusal } from '../fake-bridge.ts';
import { fakeFarmPhone, fakeWorker, farmWith, noFarm } from '../fake-farm.ts';

beforeEach(() => prepareDom());
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function open(view: FarmView, page = 'computers'): FakeBridge {
  const bridge = new FakeBridge();
  bridge.farm = view;
  location.hash = `#/${page}`;
  render(App, { workbench: new WorkbenchShell(bridge) });
  return bridge;
}
const calls = (bridge: FakeBridge, method: string) =>
  bridge.calls
    .filter((call) => call.method === method)
    .map(({ args }) => (args as readonly unknown[])[0]);

describe('the page of computers', () => {
  it('connects a farm, and forgets the password as soon as it has passed it on', async () => {
    const bridge = open(noFarm);
    const address = await screen.findByLabelText('Address');
    await fireEvent.input(address, { target: { value: 'redis://127.0.0.1:7000' } });
    const password = screen.getByLabelText<HTMLInputElement>('Password');
    expect(password.type).toBe('password');
    await fireEvent.input(password, { target: { value: 'secret' } });
    await fireEvent.click(screen.getByRole('button', { name: 'Connect' }));
    await screen.findByText('Connected to Redis 7.0.15');
    expect(calls(bridge, 'farm.connect')).toEqual([
      { url: 'redis://127.0.0.1:7000', insecure: false, password: 'secret' },
    ]);
    await vi.waitFor(() => expect(password.value).toBe(''));
    expect(screen.getByText(/zico worker --farm redis:/)).toBeTruthy();
  });

  it('says why a password cannot be kept here, and takes none', async () => {
    open({
      ...noFarm,
      keeping: {
        code: 'farm-password-unsafe',
        message: 'There is no keyring.',
        hint: 'Set one up.',
      },
    });
    expect(await screen.findByText(/There is no keyring\. Set one up\./)).toBeTruthy();
    expect(screen.getByLabelText<HTMLInputElement>('Password').disabled).toBe(true);
  });

  it('says at the address what is wrong with it', async () => {
    const bridge = open(noFarm);
    bridge.overrides['farm.connect'] = () => {
      throw new Refusal({ code: 'farm-url', message: 'It is no address.', hint: 'It looks so.' });
    };
    const address = await screen.findByLabelText('Address');
    await fireEvent.input(address, { target: { value: 'farm' } });
    await fireEvent.keyDown(address, { key: 'Enter' });
    expect((await screen.findByRole('alert')).textContent).toContain(
      'It is no address. It looks so.',
    );
    expect(address.getAttribute('aria-invalid')).toBe('true');
  });

  it('shows who computes what, how fast, since when, and drains a worker', async () => {
    const errors = [{ at: 1_769_999_990_000, message: 'It ran out of memory.' }];
    const worker = fakeWorker('lab-1:42', {
      ...{ failed: 2, reasons: { 'engine-crashed': 2 }, errors },
      unfit: { r2: 'the worker takes avx2' },
    });
    const run = {
      ...{ format: 2, product: '0.2.0', run: 'r1', space: 'nats-sss', host: 'desk' },
      ...{ since: 1_769_999_000_000, any: false, work: 'w', workBytes: 1 },
      engine: {
        ...({ name: 'onednn', version: '3.7', precision: 'float32', threads: 1 } as const),
        instructions: 'avx2' as const,
      },
      ...{ waiting: 5, active: 1, places: 8 },
    };
    const bridge = open(
      farmWith([worker, fakeWorker('lab-2:7', { state: 'draining' })], { runs: [run] }),
    );
    const table = await screen.findByRole('table', { name: 'Workers' });
    const row = within(table).getByText('lab-1:42').closest('tr')!;
    expect(row.textContent).toMatch(/Working\s*1 \/ 8\s*12\.5\s*120\s*2\s*10 min/);
    expect(screen.getByText('2 workers, 16 threads, 25 scored a minute')).toBeTruthy();
    expect(screen.getByText('engine-crashed')).toBeTruthy();
    await fireEvent.click(within(row).getByRole('button', { name: 'Details of lab-1:42' }));
    const details = row.nextElementSibling!;
    expect(details.textContent).toMatch(/8 threads, avx2, 32 GB; onednn 3\.7 float32/);
    expect(details.textContent).toMatch(/8:16:24:32:40\s*nats-sss from desk, 2 s/);
    expect(details.textContent).toMatch(/the worker takes avx2/);
    expect(details.textContent).toMatch(/It ran out of memory\.\s*10 s ago/);
    await fireEvent.click(within(row).getByRole('button', { name: /^Drain lab-1:42/ }));
    await fireEvent.click(within(table).getByRole('button', { name: /^Resume: lab-2:7/ }));
    expect(calls(bridge, 'farm.drain')).toEqual([
      { worker: 'w-lab-1:42', drain: true },
      { worker: 'w-lab-2:7', drain: false },
    ]);
    const runs = screen.getByRole('table', { name: 'Searches with jobs' });
    expect(runs.textContent).toMatch(/nats-sss\s*desk\s*onednn 3\.7 float32, avx2\s*5\s*1\s*8/);
  });

  it('draws only the workers in sight or with the keyboard, and takes all of them out', async () => {
    const observed: { element: Element; tell: (seen: boolean) => void }[] = [];
    vi.stubGlobal(
      'IntersectionObserver',
      class {
        readonly #hear: (entries: { isIntersecting: boolean }[]) => void;
        constructor(hear: (entries: { isIntersecting: boolean }[]) => void) {
          this.#hear = hear;
        }
        observe(element: Element): void {
          const tell = (isIntersecting: boolean) => this.#hear([{ isIntersecting }]);
          observed.push({ element, tell });
        }
        disconnect(): void {}
      },
    );
    const names = Array.from({ length: 40 }, (_, i) => `w${i}`);
    open(farmWith(names.map((name) => fakeWorker(name))));
    const table = await screen.findByRole('table', { name: 'Workers' });
    const parts = observed.filter(({ element }) => table.contains(element));
    const drawn = () =>
      within(table)
        .getAllByRole('button', { name: /^Details of/ })
        .map((button) => button.closest('tr')!.ariaRowIndex);
    const rows = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, i) => String(from + i));
    expect(drawn()).toEqual(rows(2, 18));
    expect(table.ariaRowCount).toBe('41');
    const first = within(table).getByRole('button', { name: 'Details of w0' });
    await fireEvent.click(first);
    expect(drawn()).toEqual(['2', ...rows(4, 19)]);
    expect(table.ariaRowCount).toBe('42');
    await fireEvent.click(first);
    parts[2]!.tell(true);
    await vi.waitFor(() => expect(drawn()).toEqual([...rows(2, 18), ...rows(34, 42)]));
    within(table).getByRole<HTMLButtonElement>('button', { name: 'Details of w39' }).focus();
    parts[0]!.tell(false);
    parts[2]!.tell(false);
    await vi.waitFor(() => expect(drawn()).toEqual(rows(34, 42)));
    expect(workersTable(farmWith(names.map((name) => fakeWorker(name))).status!).rows).toHaveLength(
      40,
    );
  });

  it('tells workers that get nothing by their reason', async () => {
    const unfit = ['a', 'b', 'c', 'd'].map((worker) => ({ worker, why: 'another engine' }));
    open({
      ...farmWith([fakeWorker('lab-1')]),
      news: { workers: 1, places: 8, unfit, trouble: null },
    });
    expect(await screen.findByText('4 workers get nothing: another engine')).toBeTruthy();
  });

  it('says what its search waits for, there and in the status bar', async () => {
    open({
      ...farmWith([fakeWorker('lab-1')]),
      news: { workers: 1, places: 8, unfit: [], trouble: 'The farm does not answer.' },
    });
    expect(
      await screen.findByText(/The farm does not answer\. What runs waits for it\./),
    ).toBeTruthy();
    const bar = screen.getByRole('contentinfo');
    expect(within(bar).getByRole('button', { name: 'Farm does not answer' })).toBeTruthy();
  });

  it('shows the phones of the farm, also beside those that are plugged in here', async () => {
    const phones = [
      fakeFarmPhone('RF8M'),
      fakeFarmPhone('R58X', { state: 'waiting', message: 'The battery is 41.0 °C.', recentMs: [] }),
    ];
    const phoneQueues = [{ model: 'SM-G973F', waiting: 3, active: 1 }];
    open(farmWith([fakeWorker('lab-1', { phones })], { phoneQueues }), 'phones');
    const table = await screen.findByRole('table', { name: 'On the farm' });
    expect(table.textContent).toMatch(/RF8M, Exynos 9820, Android 12\s*lab-1\s*Measuring\s*30 s/);
    expect(table.textContent).toMatch(/79\.25 ms\s*3/);
    expect(table.textContent).toMatch(/Waiting\s*30 s\s*The battery is 41\.0 °C\./);
    expect(screen.getByRole('heading', { name: 'Connect a phone' })).toBeTruthy();
  });
});
