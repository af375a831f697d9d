import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import App from '../../../renderer/app/App.svelte';
import { WorkbenchShell } from '../../../renderer/app/workbench.svelte.ts';
import { prepareDom } from '../dom.ts';
import { FakeBridge, fakeModel } from '../fake-bridge.ts';

beforeEach(() => prepareDom());
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function open(models = [fakeModel(1, 'deep.onnx', [24, 24, 24, 24, 24])]) {
  location.hash = '#/score';
  const bridge = new FakeBridge();
  bridge.models = { ...bridge.models, models };
  render(App, { workbench: new WorkbenchShell(bridge) });
  return bridge;
}
const three = () => [
  fakeModel(1, 'narrow.onnx', [8, 8, 8, 8, 8]),
  fakeModel(2, 'wide.onnx', [64, 64, 64, 64, 64]),
  {
    ...fakeModel(3, 'broken.onnx', [8]),
    state: 'failed' as const,
    score: null,
    error: { code: 'not-onnx', message: 'It is no ONNX model.', hint: 'Export it again.' },
  },
];
const table = () => screen.findByRole('table', { name: 'Models' });
const names = async () =>
  within(await table())
    .getAllByRole('row')
    .slice(1)
    .map((row) => row.getAttribute('aria-label'));

describe('score a model', () => {
  it('invites to drop files and hands dropped ones to the bridge', async () => {
    const bridge = open([]);
    await screen.findByText('Drop ONNX models here');
    const file = new File(['x'], 'mine.onnx');
    await fireEvent.drop(window, { dataTransfer: { types: ['Files'], files: [file] } });
    await waitFor(() => expect(bridge.dropped).toEqual([file]));
  });

  it('scores with the images of a folder that is dropped there', async () => {
    const bridge = open(three());
    await table();
    const file = new File([], 'flowers');
    const folder = { isDirectory: true };
    const item = { kind: 'file', webkitGetAsEntry: () => folder, getAsFile: () => file };
    await fireEvent.drop(window, {
      dataTransfer: { types: ['Files'], files: [file], items: [item] },
    });
    await waitFor(() => expect(bridge.models.settings.data).toBe('/home/somebody/flowers'));
    expect(bridge.dropped).toEqual([]);
  });

  it('ranks models, and each failure says what to do and can be tried again', async () => {
    const bridge = open(three());
    expect(await names()).toEqual(['wide.onnx', 'narrow.onnx', 'broken.onnx']);
    const row = within(await table()).getByRole('row', { name: 'broken.onnx' });
    expect(row.textContent).toContain('Export it again.');
    await fireEvent.click(screen.getByRole('button', { name: 'Score broken.onnx again' }));
    expect(bridge.calls).toContainEqual({ method: 'models.retry', args: [{ id: 3 }] });
  });

  it('ranks as the command line does, by what the chosen preset caps, until the person switches', async () => {
    const bridge = open();
    const cap = await screen.findByRole('switch', { name: 'Term cap' });
    expect(cap.getAttribute('aria-checked')).toBe('true');
    await fireEvent.click(cap);
    bridge.models = { ...bridge.models, models: three() };
    bridge.emit('models.changed', {});
    await screen.findByRole('row', { name: 'wide.onnx' }); // the new list has come
    expect(cap.getAttribute('aria-checked')).toBe('false');
    bridge.models = {
      ...bridge.models,
      settings: { ...bridge.models.settings, task: 'detection' },
    };
    bridge.emit('models.changed', {});
    await waitFor(() => expect(cap.getAttribute('aria-checked')).toBe('true'));
    bridge.models = { ...bridge.models, settings: { ...bridge.models.settings, preset: 'paper' } };
    bridge.emit('models.changed', {});
    await waitFor(() => expect(cap.getAttribute('aria-checked')).toBe('false'));
  });

  it('says how long another setting takes, unless that is no time at all', async () => {
    open(three());
    await table();
    expect(screen.getByText('A change scores every model again.')).toBeTruthy();
    cleanup();
    open(Array.from({ length: 20 }, (_, i) => fakeModel(i + 1, `${i}.onnx`, [8, 8, 8, 8, 8])));
    await table();
    expect(screen.getByText('A change scores every model again, in about 8 s.')).toBeTruthy();
  });

  it('ranks again at once when beta and term cap move, without asking for scores', async () => {
    const bridge = open(three());
    const figures = async () =>
      within(await table()).getByRole('row', { name: 'narrow.onnx' }).textContent;
    const before = await figures();
    await fireEvent.input(screen.getByRole('slider', { name: 'Correction β' }), {
      target: { value: '0' },
    });
    const plain = await figures();
    expect(plain).not.toBe(before);
    await fireEvent.click(screen.getByRole('switch', { name: 'Term cap' }));
    expect(await figures()).not.toBe(plain);
    expect(bridge.calls.filter(({ method }) => method === 'models.configure')).toEqual([]);
  });

  it('shows the layers of the best, and two side by side', async () => {
    open(three());
    await screen.findByRole('table', { name: 'Layers of wide.onnx' });
    await fireEvent.click(screen.getByRole('checkbox', { name: 'Compare narrow.onnx' }));
    await screen.findByRole('table', { name: 'Layers of narrow.onnx' });
    const wide = screen.getByRole('table', { name: 'Layers of wide.onnx' });
    expect(within(wide).getAllByRole('row')).toHaveLength(14);
  });

  it('converts a model with the chosen precision and says how close the result is', async () => {
    const bridge = open();
    await fireEvent.click(await screen.findByText('Convert'));
    await fireEvent.change(screen.getByLabelText('For'), { target: { value: 'onnx' } });
    await fireEvent.change(screen.getByLabelText('Ranges'), { target: { value: 'min-max' } });
    await fireEvent.click(screen.getByRole('button', { name: 'Convert deep.onnx' }));
    await screen.findByText(/model-int8\.onnx: 90 kB/);
    expect(screen.getByText(/31\.2 dB of signal to noise/)).toBeTruthy();
    expect(screen.getByText('features.3.conv')).toBeTruthy();
    const asked = bridge.calls.find(({ method }) => method === 'models.convert');
    expect(asked?.args).toMatchObject([
      { id: 1, conversion: { target: 'onnx', precision: 'int8', ranges: { method: 'min-max' } } },
    ]);
    await fireEvent.change(screen.getByLabelText('Numbers in'), { target: { value: 'float32' } });
    expect(screen.queryByLabelText('Ranges')).toBeNull();
  });

  it('shows what to know of a score, what to do, and the first examples', async () => {
    const model = fakeModel(1, 'folded.onnx', [8, 8, 8, 8, 8]);
    const warning = {
      ...{ code: 'images-redrawn', message: 'Two images were unusable.', hint: 'Repair them.' },
      ...{ count: 2, examples: ['a.jpg: is empty', 'b.jpg: is empty'] },
    };
    open([{ ...model, score: { ...model.score!, warnings: [warning] } }]);
    const list = await screen.findByRole('list', { name: 'Warnings' });
    for (const told of ['Two images were unusable.', 'Repair them.', 'b.jpg: is empty']) {
      expect(list.textContent).toContain(told);
    }
  });

  it('scores again on another task, with the correction that the paper uses for it', async () => {
    const bridge = open();
    await fireEvent.change(await screen.findByLabelText('Task'), {
      target: { value: 'segmentation' },
    });
    await waitFor(() => expect(bridge.models.settings.task).toBe('segmentation'));
    await waitFor(() =>
      expect(screen.getByRole('slider', { name: 'Correction β' })).toHaveProperty('value', '2'),
    );
  });

  it('refuses a batch size that cannot be, at the field', async () => {
    const bridge = open();
    const field = await screen.findByRole('textbox', { name: /Images in a batch/ });
    await fireEvent.input(field, { target: { value: '0' } });
    expect((await screen.findByRole('alert')).textContent).toContain('from 1 to 4,096');
    await fireEvent.input(field, { target: { value: '16' } });
    await fireEvent.change(field, { target: { value: '16' } });
    await waitFor(() => expect(bridge.models.settings.batchSize).toBe(16));
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('scores on noise, of a size, with other inputs, and without layers of noise', async () => {
    const bridge = open();
    await fireEvent.change(await screen.findByLabelText('Images'), { target: { value: 'noise' } });
    await waitFor(() => expect(bridge.models.settings.images).toBe('noise'));
    await waitFor(() => expect(screen.queryByRole('group', { name: 'Pictures' })).toBeNull());
    const type = async (label: string, value: string) => {
      const field = screen.getByRole('textbox', { name: label });
      await fireEvent.input(field, { target: { value } });
      await fireEvent.change(field, { target: { value } });
    };
    await type('Image size', '96 by 128');
    expect((await screen.findByRole('alert')).textContent).toContain('512x1024');
    expect(bridge.models.settings.size).toBeNull();
    await type('Image size', '96x128');
    await waitFor(() => expect(bridge.models.settings.size).toEqual([96, 128]));
    await type('Other inputs', 'scale_factor=1 im_shape=320,320');
    await waitFor(() =>
      expect(bridge.models.settings.constants).toEqual({ scale_factor: [1], im_shape: [320, 320] }),
    );
    await fireEvent.change(screen.getByLabelText('Layers of noise'), {
      target: { value: 'ignored' },
    });
    await waitFor(() => expect(bridge.models.settings.ignoreNoise).toBe(true));
  });

  it('asks for both arrays, and says which is there', async () => {
    const bridge = open();
    bridge.models = {
      ...bridge.models,
      arrays: { inputs: 'x.npy', targets: null },
      settings: { ...bridge.models.settings, images: 'arrays' },
    };
    bridge.emit('models.changed', {});
    const group = await screen.findByRole('group', { name: 'Arrays' });
    expect(group.textContent).toContain('x.npy');
    expect(group.textContent).toContain('no targets yet');
    await fireEvent.click(within(group).getByRole('button', { name: 'Targets…' }));
    expect(bridge.calls).toContainEqual({
      method: 'models.chooseArray',
      args: [{ which: 'targets' }],
    });
  });

  it('lets one choose the scored output, with shapes, or name another value', async () => {
    const bridge = open();
    const choice = await screen.findByLabelText('Scored output');
    expect(choice.textContent).toContain('logits (N x 10)');
    await fireEvent.change(choice, { target: { value: 'output logits' } });
    expect(bridge.calls).toContainEqual({
      method: 'models.chooseOutputs',
      args: [{ id: 1, outputs: ['logits'] }],
    });
    await fireEvent.change(choice, { target: { value: 'other' } });
    const field = await screen.findByRole('textbox', { name: 'Another value' });
    await fireEvent.change(field, { target: { value: 'maps_8 maps_16' } });
    expect(bridge.calls).toContainEqual({
      method: 'models.chooseOutputs',
      args: [{ id: 1, outputs: ['maps_8', 'maps_16'] }],
    });
  });

  it('measures one or all, shows how it was run, and saves the table', async () => {
    const latency = {
      ...{ latencyMs: 4.2, p90Ms: 5, input: [1, 3, 32, 32], runs: 12, precision: 'int8' },
      asStored: 'It is quantised.',
    };
    const bridge = open([{ ...fakeModel(1, 'mine.onnx', [8, 8, 8, 8, 8]), latency }]);
    const row = within(await table()).getByRole('row', { name: 'mine.onnx' });
    expect(row.textContent).toContain('4.20');
    expect(screen.getByText(/Run as its file has it: It is quantised/)).toBeTruthy();
    await fireEvent.click(
      screen.getByRole('button', { name: 'Measure mine.onnx on this computer' }),
    );
    await fireEvent.click(screen.getByRole('button', { name: 'Measure all' }));
    const menu = screen.getByRole('button', { name: 'Save or copy: Models' });
    menu.focus();
    await fireEvent.keyDown(menu, { key: 'Enter' });
    const item = await screen.findByRole('menuitem', { name: 'CSV…' });
    await fireEvent.keyDown(item, { key: 'Enter' });
    const made = bridge.calls.filter(({ method }) => /measure|saveTable/.test(method));
    expect(made).toEqual([
      { method: 'models.measure', args: [{ id: 1 }] },
      { method: 'models.measure', args: [{ id: null }] },
      { method: 'models.saveTable', args: [{ beta: 1, capped: true }] },
    ]);
  });

  it('can be cancelled while it scores', async () => {
    const bridge = new FakeBridge();
    const models = three().map((model) => ({ ...model, state: 'waiting' as const, score: null }));
    bridge.models = { ...bridge.models, models, busy: true };
    location.hash = '#/score';
    render(App, { workbench: new WorkbenchShell(bridge) });
    expect((await screen.findByRole('progressbar')).getAttribute('aria-valuenow')).toBe('0');
    await fireEvent.click(screen.getByRole('button', { name: 'Cancel' }));
    expect(bridge.calls).toContainEqual({ method: 'models.cancel', args: [] });
  });
});
