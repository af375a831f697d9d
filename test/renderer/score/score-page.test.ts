import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import App from '../../../renderer/app/App.svelte';
import { Workbench } from '../../../renderer/app/workbench.svelte.ts';
import { prepareDom } from '../dom.ts';
import { FakeBridge, fakeModel } from '../fake-bridge.ts';

vi.setConfig({ testTimeout: 30_000 }); // whole pages, on a machine that may be busy
beforeEach(() => prepareDom());
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function open(models = [fakeModel(1, 'deep.onnx', [24, 24, 24, 24, 24])]) {
  location.hash = '#/score';
  const bridge = new FakeBridge();
  bridge.models = { ...bridge.models, models };
  render(App, { workbench: new Workbench(bridge) });
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

  it('ranks models, and each failure says what to do and can be tried again', async () => {
    const bridge = open(three());
    expect(await names()).toEqual(['wide.onnx', 'narrow.onnx', 'broken.onnx']);
    const row = within(await table()).getByRole('row', { name: 'broken.onnx' });
    expect(row.textContent).toContain('Export it again.');
    await fireEvent.click(screen.getByRole('button', { name: 'Score broken.onnx again' }));
    expect(bridge.calls).toContainEqual({ method: 'models.retry', args: [{ id: 3 }] });
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

  it('can be cancelled while it scores', async () => {
    const bridge = new FakeBridge();
    const models = three().map((model) => ({ ...model, state: 'waiting' as const, score: null }));
    bridge.models = { ...bridge.models, models, busy: true };
    location.hash = '#/score';
    render(App, { workbench: new Workbench(bridge) });
    expect((await screen.findByRole('progressbar')).getAttribute('aria-valuenow')).toBe('0');
    await fireEvent.click(screen.getByRole('button', { name: 'Cancel' }));
    expect(bridge.calls).toContainEqual({ method: 'models.cancel', args: [] });
  });
});
