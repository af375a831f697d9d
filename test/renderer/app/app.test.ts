import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { MethodName } from '../../../preload/contract.ts';
import App from '../../../renderer/app/App.svelte';
import { WorkbenchShell } from '../../../renderer/app/workbench.svelte.ts';
import { prepareDom, wholeRun } from '../dom.ts';
import {
  description,
  FakeBridge,
  fakeRun,
  Refusal,
  rows,
  settings,
  type FakeRun,
} from '../fake-bridge.ts';
import type { Known } from '../../../main/common/known.ts';

beforeEach(() => prepareDom());
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function open(runs: FakeRun[] = [], hash = '') {
  location.hash = hash;
  const bridge = new FakeBridge(runs);
  const workbench = new WorkbenchShell(bridge);
  render(App, { workbench });
  const calls = (method: MethodName) =>
    bridge.calls.filter((call) => call.method === method).map((call) => call.args);
  return { bridge, workbench, calls };
}

const button = (name: string | RegExp) => screen.findByRole('button', { name });
const click = async (name: string | RegExp) => fireEvent.click(await button(name));
const live = (changes: Partial<Parameters<typeof fakeRun>[0]> = {}) =>
  fakeRun({ run: 'demo', state: 'searching', candidates: 120, ...changes });

describe('first use', () => {
  it('starts a search with the default settings in one click and shows it', async () => {
    const { calls } = open();
    await click('Start the demo');
    expect(await screen.findByRole('heading', { name: 'Demo' })).toBeTruthy();
    expect(calls('search.start')).toEqual([[{ name: 'Demo', settings }]]);
    expect(await button('Stop')).toBeTruthy();
  });

  it('says what will happen with figures that come from the settings', async () => {
    open();
    expect(
      await screen.findByText('Scores up to 200 networks with 2 batches of 64 images'),
    ).toBeTruthy();
  });
});

describe('the list of searches', () => {
  const runs = () => [
    fakeRun({ run: 'finished one', candidates: 60 }),
    fakeRun({ run: 'stopped one', state: 'stopped', candidates: 20, settings: { beta: 2 } }),
    fakeRun({
      run: 'broken',
      state: 'failed',
      error: { code: 'run-not-readable', message: 'Not a run file.', hint: 'Choose another.' },
    }),
  ];

  it('finds by words of name and settings', async () => {
    open(runs());
    await fireEvent.input(await screen.findByRole('searchbox', { name: 'Find a search' }), {
      target: { value: 'β 2.00' },
    });
    const table = screen.getByRole('table', { name: 'Searches' });
    expect(within(table).getAllByRole('row')).toHaveLength(2);
    expect(within(table).getByRole('row', { name: 'stopped one' })).toBeTruthy();
  });

  it('opens a run without resuming it, and resumes one as an act of its own', async () => {
    const { calls } = open(runs());
    await click('Open stopped one');
    await screen.findByRole('heading', { name: 'stopped one' });
    expect(calls('search.resume')).toEqual([]);
    await click('Resume');
    expect(calls('search.resume')).toEqual([[{ run: 'stopped one' }]]);
    expect(await button('Stop')).toBeTruthy();
  });

  it('explains a file that cannot be read instead of opening it', async () => {
    open(runs());
    await click('Open broken');
    const alert = await screen.findByRole('alert');
    expect(alert.textContent).toContain('Not a run file.');
    expect(alert.textContent).toContain('Choose another.');
    expect(screen.getByRole('table', { name: 'Searches' })).toBeTruthy();
  });
});

describe('a new search', () => {
  const field = (name: string) => screen.findByRole('textbox', { name });

  it('says at the field what is valid, offers it, and only then can start', async () => {
    const { calls } = open([], '#/new');
    await fireEvent.input(await field('Batches'), { target: { value: '1' } });
    expect((await field('Batches')).getAttribute('aria-invalid')).toBe('true');
    expect(screen.getByRole('alert').textContent).toContain('from 2 to 64');
    expect((await button('Start search')).hasAttribute('disabled')).toBe(true);
    await click('Use 2 for Batches');
    await click('Start search');
    await screen.findByRole('heading', { name: 'nats-sss search' });
    expect(calls('search.start')).toEqual([[{ name: 'nats-sss search', settings }]]);
  });

  it('costs the same whatever it is called', async () => {
    open([], '#/new');
    await fireEvent.input(await field('Name'), { target: { value: 'x'.repeat(100) } });
    expect((await field('Name')).getAttribute('aria-invalid')).toBe('true');
    expect(screen.queryByText('As many candidates as the time allows')).toBeNull();
    expect((await button('See the images')).hasAttribute('disabled')).toBe(false);
  });

  it('starts with Ctrl Enter', async () => {
    const { calls } = open([], '#/new');
    await fireEvent.keyDown(await field('Name'), { key: 'Enter', ctrlKey: true });
    await waitFor(() => expect(calls('search.start')).toHaveLength(1));
  });

  it('shows a time only where one was measured, and says where it comes from', async () => {
    open([], '#/new');
    expect(await screen.findByText(/No time estimate yet/)).toBeTruthy();
    cleanup();
    open([fakeRun({ run: 'earlier', candidates: 100 })], '#/new');
    expect(await screen.findByText('3 min 40 s')).toBeTruthy();
    expect(screen.getByText(/judging by earlier: 100 candidates/)).toBeTruthy();
  });

  it('takes a folder of images', async () => {
    const { calls } = open([], '#/new');
    await click('Folder…');
    expect(await screen.findByText('60,000 images of 10 classes in 6 files')).toBeTruthy();
    await click('Start search');
    await waitFor(() => expect(calls('search.start')).toHaveLength(1));
    expect(calls('search.start')).toMatchObject([
      [{ settings: { data: '/home/somebody/cifar-10-batches-bin' } }],
    ]);
  });

  it('does not start beside another search', async () => {
    open([live()], '#/new');
    expect(await screen.findByText(/demo is running/)).toBeTruthy();
    expect((await button('Start search')).hasAttribute('disabled')).toBe(true);
  });
});

describe('a live search', () => {
  const table = async () => {
    await wholeRun();
    return screen.getByRole('table', { name: 'Candidates' });
  };

  it('lists the front, and shows in the inspector what is selected', async () => {
    const { workbench } = open([live()], '#/run/demo');
    const first = within(await table()).getAllByRole('row')[1]!;
    const name = first.getAttribute('aria-label')!;
    await fireEvent.click(first);
    const inspector = screen.getByRole('complementary', { name: 'Selected candidate' });
    expect(within(inspector).getByRole('heading', { name })).toBeTruthy();
    expect(await within(inspector).findByRole('table', { name: `Layers of ${name}` })).toBeTruthy();
    expect(within(inspector).getByText(/1 thread/)).toBeTruthy();
    expect(first.getAttribute('aria-current')).toBe('true');
    expect(workbench.notices.list).toEqual([]);
  });

  it('re-ranks at once when beta moves', async () => {
    open([live()], '#/run/demo');
    await table();
    const slider = screen.getByRole('slider', { name: 'Correction β' });
    await fireEvent.input(slider, { target: { value: '0' } });
    expect(screen.getByRole('button', { name: /^ZiCo, β 0\.00/ })).toBeTruthy();
    await fireEvent.input(slider, { target: { value: '2.5' } });
    expect(screen.getByRole('button', { name: /^ZiCo-BC, β 2\.50/ })).toBeTruthy();
  });

  it('shows new candidates without losing the selection', async () => {
    const { bridge } = open([live()], '#/run/demo');
    const first = within(await table()).getAllByRole('row')[1]!;
    await fireEvent.click(first);
    bridge.add('demo', rows(140).slice(120));
    expect(await screen.findByRole('tab', { name: 'All 140' })).toBeTruthy();
    const selected = first.getAttribute('aria-label')!;
    expect(screen.getByRole('row', { name: selected }).getAttribute('aria-current')).toBe('true');
  });

  it('walks with the arrow keys and sorts by a column', async () => {
    open([live()], '#/run/demo');
    const [, first, second] = within(await table()).getAllByRole('row') as Known<HTMLElement>;
    await fireEvent.click(first);
    await fireEvent.keyDown(first, { key: 'ArrowDown' });
    expect(second.getAttribute('aria-current')).toBe('true');
    await click(/^ZiCo-BC/);
    const header = screen.getByRole('columnheader', { name: /^ZiCo-BC/ });
    expect(header.getAttribute('aria-sort')).toBe('descending');
  });

  it('gives the reason of what failed', async () => {
    open([live()], '#/run/demo');
    await fireEvent.click(await screen.findByRole('tab', { name: 'Failed 2' }));
    const row = within(await table()).getByRole('row', { name: 'c-0041' });
    expect(row.textContent).toContain('is not a number');
    await fireEvent.click(row);
    expect(screen.getByText('gradient-not-finite')).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Export…' })).toBeNull();
  });

  it('stops, and can be resumed', async () => {
    const { calls } = open([live()], '#/run/demo');
    await click('Stop');
    await click('Resume');
    await button('Stop');
    expect(calls('search.stop')).toEqual([[{ run: 'demo' }]]);
    expect(calls('search.resume')).toEqual([[{ run: 'demo' }]]);
  });

  it('is paused and goes on; what it does then is said wherever its state stands', async () => {
    const { calls } = open([live()], '#/run/demo');
    await click('Pause');
    await button('Resume');
    expect(await button('Stop')).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Pause' })).toBeNull();
    const strip = screen.getByRole('region', { name: 'Progress' });
    await waitFor(() => expect(strip.textContent).toContain('Paused'));
    const tasks = screen.getByRole('button', { name: /^Running tasks/ });
    expect(tasks.textContent).toMatch(/Paused\s*demo/);
    await click('Resume');
    await button('Pause');
    expect(calls('search.pause')).toEqual([[{ run: 'demo' }]]);
    expect(calls('search.goOn')).toEqual([[{ run: 'demo' }]]);
    expect(calls('search.resume')).toEqual([]);
  });

  it('exports the selected candidate, says what was written and shows the folder', async () => {
    const { calls } = open([live()], '#/run/demo');
    const first = within(await table()).getAllByRole('row')[1]!;
    await fireEvent.click(first);
    await click('Change: What the export holds');
    await fireEvent.click(await screen.findByRole('checkbox', { name: 'NumPy weights' }));
    await fireEvent.click(await screen.findByRole('checkbox', { name: 'Report' }));
    await click('Export…');
    expect(await screen.findByText(/model\.onnx, architecture\.json in/)).toBeTruthy();
    const formats = ['onnx', 'pytorch', 'safetensors', 'npz'];
    expect(calls('candidate.export')).toMatchObject([[{ run: 'demo', formats }]]);
    await click('Show in folder');
    expect(calls('candidate.reveal')).toEqual([[{ run: 'demo' }]]);
  });

  it('does nothing where the export is cancelled', async () => {
    const { bridge } = open([live()], '#/run/demo');
    bridge.overrides['candidate.export'] = () => null;
    const first = within(await table()).getAllByRole('row')[1]!;
    await fireEvent.click(first);
    await click('Export…');
    await waitFor(async () =>
      expect((await button('Export…')).hasAttribute('disabled')).toBe(false),
    );
    expect(screen.queryByText(/exported/)).toBeNull();
  });

  it('names the network that is being measured on this computer', async () => {
    open([fakeRun({ run: 'demo', state: 'searching', candidates: 21 })], '#/run/demo');
    const now = within(await screen.findByRole('region', { name: 'Progress' }));
    expect(now.getByText('Measuring')).toBeTruthy();
    expect(now.getByText('c-0022, until it is steady')).toBeTruthy();
  });

  it('says how much of the expected front has been confirmed', async () => {
    const run = fakeRun({ run: 'demo', state: 'searching', candidates: 21 });
    open([{ ...run, confirmed: { done: 3, planned: 8 } }], '#/run/demo');
    const now = within(await screen.findByRole('region', { name: 'Progress' }));
    expect(now.getByText('Confirming the front').textContent).toBeTruthy();
    expect(now.getByText('3 of 8')).toBeTruthy();
    expect(now.queryByText(/until it is steady/)).toBeNull();
  });

  it('says that a search of MACs measured no latency', async () => {
    open([fakeRun({ run: 'demo', candidates: 60, settings: { latency: 'macs' } })], '#/run/demo');
    const first = within(await table()).getAllByRole('row')[1]!;
    await fireEvent.click(first);
    expect(screen.getByText(/Latency was not measured/)).toBeTruthy();
    expect(screen.queryByRole('button', { name: /^Latency, ms/ })).toBeNull();
  });
});

describe('errors', () => {
  it('stay until they are dismissed, with all details to copy', async () => {
    const { bridge } = open([], '#/new');
    bridge.overrides['search.start'] = () => {
      throw new Refusal({ code: 'disk-full', message: 'The disk is full.', hint: 'Make room.' });
    };
    await click('Start search');
    const alert = await screen.findByRole('alert');
    expect(alert.textContent).toContain('The disk is full.');
    const writeText = vi.fn<(copied: string) => Promise<void>>(() => Promise.resolve());
    vi.stubGlobal('navigator', { ...navigator, clipboard: { writeText } });
    await click('Copy details');
    const [copied] = writeText.mock.calls[0]!;
    for (const part of ['The disk is full.', 'Make room.', 'disk-full', description.version]) {
      expect(copied).toContain(part);
    }
    await click('Dismiss');
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('of a refused start leave when a field is changed', async () => {
    const { bridge, workbench } = open([], '#/new');
    bridge.overrides['search.start'] = () => {
      throw new Refusal({ code: 'few', message: 'Too few images.', hint: 'Give more.' });
    };
    await click('Start search');
    await vi.waitFor(() => expect(workbench.notices.list).toHaveLength(1));
    await fireEvent.input(await screen.findByRole('textbox', { name: 'Batches' }), {
      target: { value: '3' },
    });
    await vi.waitFor(() => expect(workbench.notices.list).toEqual([]));
  });

  it('are counted when they repeat', () => {
    const { workbench } = open();
    workbench.fail(new Error('The same.'));
    workbench.fail(new Error('The same.'));
    expect(workbench.notices.list).toMatchObject([{ message: 'The same.', times: 2 }]);
  });

  it('leave with the page they happened on, or once an action of it goes well', async () => {
    const { workbench } = open();
    await workbench.attempt(() => Promise.reject(new Error('No room.')));
    expect(workbench.notices.list).toHaveLength(1);
    await workbench.attempt(() => Promise.resolve());
    expect(workbench.notices.list).toEqual([]);
    workbench.fail(new Error('Elsewhere.'));
    workbench.router.go({ page: 'settings' });
    await vi.waitFor(() => expect(workbench.notices.list).toEqual([]));
  });
});

describe('the theme', () => {
  it('follows the system until it is overridden, and remembers that', async () => {
    prepareDom({ dark: true });
    open();
    await click('Theme: Dark');
    expect(document.documentElement.dataset['theme']).toBe('light');
    expect(localStorage.getItem('zico.theme')).toBe('light');
    cleanup();
    open();
    expect(await button('Theme: Light')).toBeTruthy();
  });
});

describe('the palette', () => {
  it('lists what can be done here and does it', async () => {
    open([live({ state: 'finished' })], '#/run/demo');
    await wholeRun();
    await fireEvent.keyDown(window, { key: 'k', ctrlKey: true });
    const dialog = await screen.findByRole('dialog');
    await fireEvent.click(within(dialog).getByText('Select the knee of the front'));
    expect(await button('Export…')).toBeTruthy();
  });

  it('opens from the application menu', async () => {
    const { bridge } = open();
    bridge.emit('menu.command', { command: 'palette' });
    expect(await screen.findByRole('dialog')).toBeTruthy();
  });
});
