/** Every form: each field explained, its cost in view, its faults said while typing. */
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import App from '../../../../renderer/app/App.svelte';
import { WorkbenchShell } from '../../../../renderer/app/workbench.svelte.ts';
import { prepareDom } from '../../dom.ts';
import { FakeBridge, fakeBenchmark, fakeModel, fakeRun } from '../../fake-bridge.ts';
import { fakePhone, phonesWith } from '../../fake-phones.ts';

vi.setConfig({ testTimeout: 60_000 }); // whole pages, on a machine that may be busy

beforeEach(() => prepareDom());
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function open(hash: string, bridge = new FakeBridge()): FakeBridge {
  location.hash = hash;
  render(App, { workbench: new WorkbenchShell(bridge) });
  return bridge;
}
const click = async (name: string | RegExp) =>
  fireEvent.click(await screen.findByRole('button', { name }));
const type = (field: HTMLElement, value: string) => fireEvent.input(field, { target: { value } });

/** What a screen reader tells of a field beside its name. */
function description(field: Element): string {
  const ids = field.getAttribute('aria-describedby')?.split(' ') ?? [];
  return ids
    .map((id) => document.getElementById(id)?.textContent ?? '')
    .join(' ')
    .trim();
}

/** Fields without a label, and fields that nothing explains: neither a line nor a mark beside the label. */
function unexplained(form: HTMLElement): string[] {
  const fields = [...form.querySelectorAll('input, select, textarea, [role="switch"]')];
  expect(fields.length).toBeGreaterThan(0);
  return fields.flatMap((field) => {
    const label = (field as HTMLInputElement).labels?.[0]?.textContent?.trim();
    const name = label ?? field.getAttribute('aria-label') ?? '';
    if (name === '') return [`no label: ${field.outerHTML}`];
    const mark = field.closest('.f')?.querySelector(`[aria-label="Explain ${name}"]`);
    return description(field) || (mark && description(mark)) ? [] : [name];
  });
}

it('a search says before it begins that its space lies outside of an estimate', async () => {
  const bridge = new FakeBridge();
  bridge.overrides['search.estimateWarning'] = () => ({
    code: 'estimate-out-of-range',
    message: '24 of 24 networks lie outside of what was measured.',
    hint: 'Count MACs (macs).',
    count: 1,
    examples: ['size of the image'],
  });
  open('#/new', bridge);
  const source = await screen.findByLabelText('Latency');
  expect(screen.queryByText(/outside of what was measured/)).toBeNull();
  await fireEvent.change(source, { target: { value: 'predicted-s10-cpu-int8' } });
  await screen.findByText(/outside of what was measured. \(size of the image\) Count MACs/);
  const asked = bridge.calls.filter(({ method }) => method === 'search.estimateWarning');
  expect(asked.at(-1)).toMatchObject({
    method: 'search.estimateWarning',
    args: [{ latency: 'predicted-s10-cpu-int8' }],
  });
  await fireEvent.change(source, { target: { value: 'macs' } });
  await waitFor(() => expect(screen.queryByText(/outside of what was measured/)).toBeNull());
});

describe('every field is explained', () => {
  it('of a new search', async () => {
    open('#/new');
    await click('More settings');
    expect(unexplained(screen.getByRole('form', { name: 'Settings of the search' }))).toEqual([]);
  });

  it('of a benchmark', async () => {
    open('#/benchmarks');
    expect(unexplained(await screen.findByRole('form', { name: 'A new benchmark' }))).toEqual([]);
  });

  it('of models', async () => {
    const bridge = new FakeBridge();
    bridge.models = { ...bridge.models, models: [fakeModel(1, 'a.onnx', [8, 8, 8, 8, 8])] };
    open('#/score', bridge);
    expect(unexplained(await screen.findByRole('form', { name: 'How they are scored' }))).toEqual(
      [],
    );
  });

  it('of an export', async () => {
    open('#/run/a', new FakeBridge([fakeRun({ run: 'a', candidates: 30 })]));
    await click('Select the knee');
    await click(/^Change/);
    expect(unexplained(screen.getByRole('group', { name: 'What the export holds' }))).toEqual([]);
  });
});

/** jsdom knows no folders among what is dropped. */
async function dropFolder(name: string): Promise<void> {
  const folder = new File([], name);
  const item = {
    kind: 'file',
    webkitGetAsEntry: () => ({ isDirectory: true }),
    getAsFile: () => folder,
  };
  const dataTransfer = { types: ['Files'], files: [folder], items: [item] };
  await fireEvent.drop(window, { dataTransfer });
}

describe('an explanation', () => {
  it('is read with its mark, and Escape takes nothing but it away', async () => {
    open('#/new');
    const mark = await screen.findByRole('button', { name: 'Explain Correction β' });
    expect(description(mark)).toMatch(/subtracts β times that bias/);
    mark.focus();
    const heard = vi.fn();
    window.addEventListener('keydown', heard);
    await fireEvent.keyDown(mark, { key: 'Escape' });
    window.removeEventListener('keydown', heard);
    expect(heard).not.toHaveBeenCalled();
    expect(document.activeElement).toBe(mark);
  });
});

describe('a new search', () => {
  it('keeps what was typed while one looks at another page', async () => {
    open('#/new');
    const name = () => screen.findByLabelText('Name', { exact: true });
    await fireEvent.input(await name(), { target: { value: 'mine' } });
    location.hash = '#/settings';
    await screen.findByRole('heading', { level: 1, name: 'Settings' });
    location.hash = '#/new';
    expect(await name()).toHaveProperty('value', 'mine');
  });

  it('takes its own limit back where generations end the search again', async () => {
    open('#/new');
    await click('More settings');
    const most = () => screen.getByLabelText('Candidates, at most', { exact: true });
    const choose = async (value: string) =>
      fireEvent.change(screen.getByRole('combobox', { name: 'Networks are chosen' }), {
        target: { value },
      });
    await choose('guided');
    expect(most()).toHaveProperty('value', '120');
    await choose('nsga2');
    expect(most()).toHaveProperty('value', '');
    await choose('guided');
    await type(most(), '90');
    await choose('nsga2');
    expect(most()).toHaveProperty('value', '90');
  });

  it('says before it starts where a score takes more images than there are', async () => {
    open('#/new');
    await click('More settings');
    expect(screen.queryByText(/There are only/)).toBeNull();
    const batchSize = await screen.findByLabelText('Images in a batch', { exact: true });
    await type(batchSize, '129');
    expect(screen.getByText(/There are only 256 images, and a score takes 258:/)).toBeTruthy();
    await type(batchSize, '128');
    expect(screen.queryByText(/There are only/)).toBeNull();
    await type(batchSize, '129');
    await click('Folder…');
    await waitFor(() => expect(screen.queryByText(/There are only/)).toBeNull());
  });

  it('takes a folder that is dropped anywhere as its images, and keeps what was typed', async () => {
    open('#/new');
    await type(await screen.findByLabelText('Name', { exact: true }), 'mine');
    // A page that takes files of another kind.
    location.hash = '#/spaces';
    await screen.findByRole('heading', { level: 1, name: 'Spaces' });
    await dropFolder('flowers');
    expect(await screen.findByText('/home/somebody/flowers')).toBeTruthy();
    expect(location.hash).toBe('#/new');
    expect(screen.getByLabelText('Name', { exact: true })).toHaveProperty('value', 'mine');
    expect(screen.queryByText(/is not a .json file/)).toBeNull();
    await dropFolder('trees');
    expect(await screen.findByText('/home/somebody/trees')).toBeTruthy();
    await click('Embedded');
    location.hash = '#/settings';
    await screen.findByRole('heading', { level: 1, name: 'Settings' });
    location.hash = '#/new';
    await screen.findByLabelText('Name', { exact: true });
    expect(screen.queryByText('/home/somebody/trees')).toBeNull();
  });

  it('says what is wrong with the images that were chosen, as long as they are', async () => {
    open('#/new');
    await click('Folder…');
    const wrong = await screen.findByRole('list', { name: 'What is wrong with the images' });
    expect(wrong.textContent).toMatch(/2 × holds … .gif files, which are not read, such as cat/);
    await click('Embedded');
    expect(screen.queryByRole('list', { name: 'What is wrong with the images' })).toBeNull();
  });

  it('says which characters a name cannot have, and offers one without them', async () => {
    open('#/new');
    await fireEvent.input(await screen.findByLabelText('Name', { exact: true }), {
      target: { value: 'a: b' },
    });
    await click('Use a b for Name');
    expect(screen.getByLabelText('Name', { exact: true })).toHaveProperty('value', 'a b');
  });

  it('names a number of the phone that cannot be, unfolds it, and starts once it can', async () => {
    const bridge = new FakeBridge();
    bridge.phones = phonesWith([fakePhone('A1')]);
    open('#/new', bridge);
    await fireEvent.change(await screen.findByRole('combobox', { name: 'Latency' }), {
      target: { value: 'phone' },
    });
    await screen.findByText(/passed the check on it/);
    const runs = screen.getByLabelText('Timed runs');
    await type(runs, '0');
    await screen.findByText('One field needs fixing: Timed runs');
    expect(runs.closest('details')?.open).toBe(true);
    const start = screen.getByRole('button', { name: /^Start search/ });
    expect(start).toHaveProperty('disabled', true);
    await type(runs, '50');
    await waitFor(() => expect(start).toHaveProperty('disabled', false));
    // It stays unfolded once it is right again: the next field to fill in is beside it.
    expect(runs.closest('details')?.open).toBe(true);
  });

  it('leads to the faulty field when it is started all the same', async () => {
    const bridge = open('#/new');
    const population = await screen.findByRole('textbox', { name: 'Population' });
    await type(population, '2');
    await fireEvent.keyDown(window, { key: 'Enter', ctrlKey: true });
    expect(document.activeElement).toBe(population);
    expect(bridge.calls.map(({ method }) => method)).not.toContain('search.start');
  });
});

describe('a benchmark', () => {
  const note = () =>
    within(screen.getByRole('form', { name: 'A new benchmark' })).getByRole('status');

  it('says how many scorings, and how long by the last one that finished', async () => {
    const bridge = new FakeBridge();
    bridge.benchmarks = [
      fakeBenchmark('before', { networks: 40, settings: { repeatability: false } }),
    ]; // of 90 s
    open('#/benchmarks', bridge);
    await waitFor(() => expect(note().textContent).toMatch(/100 scorings, about/));
    expect(note().textContent).toMatch(/about (3 min 45 s|4 min)/);
    await fireEvent.click(screen.getByRole('switch', { name: 'Score twice more' }));
    expect(note().textContent).toMatch(/300 scorings, about/);
  });

  it('promises no time before the first', async () => {
    open('#/benchmarks');
    await waitFor(() => expect(note().textContent).toMatch(/100 scorings; how long/));
  });
});

describe('the settings of models', () => {
  it('say what is wrong while one types, and score again only when the field is left', async () => {
    const bridge = new FakeBridge();
    bridge.models = { ...bridge.models, models: [fakeModel(1, 'a.onnx', [8, 8, 8, 8, 8])] };
    open('#/score', bridge);
    const seed = await screen.findByRole('textbox', { name: 'Seed' });
    await type(seed, '1.5');
    expect(screen.getByRole('alert').textContent).toMatch(/whole number from 0 to 4,294,967,295/);
    expect(seed.getAttribute('aria-invalid')).toBe('true');
    await type(seed, '15');
    expect(screen.queryByRole('alert')).toBeNull();
    const configured = () => bridge.calls.filter(({ method }) => method === 'models.configure');
    expect(configured()).toEqual([]);
    await fireEvent.change(seed, { target: { value: '15' } });
    await waitFor(() => expect(configured()).toHaveLength(1));
    expect(screen.getByText(/A change scores every model again/)).toBeTruthy();
  });
});

describe('the cap', () => {
  it('says what it takes where something else is typed', async () => {
    open('#/run/a', new FakeBridge([fakeRun({ run: 'a', candidates: 30 })]));
    const cap = await screen.findByRole('textbox', { name: /cap$/i });
    await type(cap, 'fast');
    expect((await screen.findByRole('alert')).textContent).toBe('A number above 0.');
    expect(description(cap)).toBe('A number above 0.');
    await type(cap, '');
    expect(screen.queryByRole('alert')).toBeNull();
  });
});
