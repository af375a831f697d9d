import { cleanup, fireEvent, render, screen, within } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import App from '../../../renderer/app/App.svelte';
import { WorkbenchShell } from '../../../renderer/app/workbench.svelte.ts';
import { prepareDom } from '../dom.ts';
import { WorkerHere } from '../worker-here.ts';
import { FakeBridge, fakeRun } from '../fake-bridge.ts';

beforeEach(() => {
  prepareDom();
  vi.stubGlobal('Worker', WorkerHere);
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function open(hash = '#/run/demo/45', prepare: (bridge: FakeBridge) => void = () => undefined) {
  location.hash = hash;
  const bridge = new FakeBridge([fakeRun({ run: 'demo', candidates: 60 })]);
  prepare(bridge);
  render(App, { workbench: new WorkbenchShell(bridge) });
  return bridge;
}

const panel = () => screen.findByRole('region', { name: 'Trained model of c-0045' });
const drop = async (...names: readonly string[]) => {
  const files = names.map((name) => new File(['x'], name));
  await panel();
  await fireEvent.drop(window, { dataTransfer: { files, types: ['Files'] } });
};
const type = async (label: string, value: string) =>
  fireEvent.input(await within(await panel()).findByLabelText(label), { target: { value } });
const press = async (name: string) =>
  fireEvent.click(await within(await panel()).findByRole('button', { name }));

describe('the trained model of a candidate', () => {
  it('is dropped on its page, and attached with what it reached', async () => {
    const bridge = open();
    await drop('trained.onnx');
    await within(await panel()).findByText('What trained.onnx reached');
    await type('Accuracy, %', '71,2 %');
    await type('Metric', 'top-1');
    await type('Data set', 'flowers');
    await press('Attach');
    await within(await panel()).findByText('71.2 % top-1 on flowers');
    const stated = { accuracy: 71.2, metric: 'top-1', data: 'flowers' };
    expect(bridge.trainedAsked).toEqual([
      { method: 'dropped', run: 'demo', id: 45 },
      { method: 'attach', id: 45, digest: 'a'.repeat(64), stated },
    ]);
    expect(bridge.dropped).toEqual([]);
  });

  it('leaves a dropped folder to a new search, whose images it is', async () => {
    const bridge = open();
    await panel();
    const folder = new File([], 'flowers');
    const items = [
      {
        ...{ kind: 'file', getAsFile: () => folder },
        webkitGetAsEntry: () => ({ isDirectory: true }),
      },
    ];
    const dataTransfer = { files: [folder], items, types: ['Files'] };
    await fireEvent.drop(await panel(), { dataTransfer });
    await screen.findByRole('heading', { level: 1, name: 'New search' });
    expect(bridge.trainedAsked).toEqual([]);
  });

  it('has its latency in float32 and int8 beside that of the search', async () => {
    open();
    await drop('trained.onnx');
    await type('Accuracy, %', '71.2');
    await type('Metric', 'top-1');
    await type('Data set', 'flowers');
    await press('Attach');
    expect(within(await panel()).getAllByText('not measured')).toHaveLength(2);
    await press('Measure');
    await within(await panel()).findByText('4.25 ms');
    within(await panel()).getByText('1.50 ms');
    within(await panel()).getByText('Median of 10 runs.');
  });

  it.each([
    [
      '171.2',
      'top-1',
      'flowers',
      'The accuracy is 171.2, and accuracies are percent from 0 to 100.',
    ],
    ['good', 'top-1', 'flowers', 'The accuracy is not a number.'],
    ['', 'top-1', 'flowers', 'The accuracy is not a number.'],
    ['71.2', ' ', 'flowers', 'The metric is not named.'],
    ['71.2', 'top-1', '', 'The data set is not named.'],
  ])('is not attached with %s, %s, %s', async (accuracy, metric, data, fault) => {
    const bridge = open();
    await drop('trained.onnx');
    await type('Accuracy, %', accuracy);
    await type('Metric', metric);
    await type('Data set', data);
    await press('Attach');
    expect((await within(await panel()).findByRole('alert')).textContent).toBe(fault);
    expect(bridge.trainedAsked).toHaveLength(1);
  });

  it('of another candidate is refused, and what is attached stays', async () => {
    const bridge = open();
    bridge.trainedRefusal = {
      code: 'other-network',
      message: 'x.onnx is not the network of candidate 45: It has 3 layers.',
      hint: 'It is the network of candidate 7: attach it there.',
    };
    await drop('x.onnx');
    await screen.findByText(/is not the network of candidate 45/);
    within(await panel()).getByRole('button', { name: 'Choose model…' });
  });

  it('is changed, replaced and taken away', async () => {
    const bridge = open();
    await press('Choose model…');
    await type('Accuracy, %', '50');
    await type('Metric', 'top-1');
    await type('Data set', 'flowers');
    await press('Attach');
    await press('Change…');
    expect(within(await panel()).getByLabelText<HTMLInputElement>('Accuracy, %').value).toBe('50');
    await type('Accuracy, %', '60');
    await press('Attach');
    await within(await panel()).findByText('60 % top-1 on flowers');
    bridge.trainedModel = { digest: 'b'.repeat(64), name: 'better.onnx', newHead: 7 };
    await press('Other model…');
    await within(await panel()).findByText('It takes the place of trained.onnx.');
    within(await panel()).getByText('Its last layer was made anew, with 7 outputs.');
    expect(within(await panel()).getByLabelText<HTMLInputElement>('Metric').value).toBe('top-1');
    await press('Cancel');
    await press('Detach');
    await within(await panel()).findByRole('button', { name: 'Choose model…' });
  });

  it('leaves runs that are dropped there to be opened', async () => {
    const bridge = open();
    await drop('other.zico');
    expect(bridge.dropped.map(({ name }) => name)).toEqual(['other.zico']);
    expect(bridge.trainedAsked).toEqual([]);
  });
});

describe('what was trained of a run', () => {
  it('is listed below the chart, with how the scores order it', async () => {
    const bridge = open('#/run/demo', (fake) => {
      const model = { digest: 'a'.repeat(64), name: 'x.onnx', newHead: null };
      const said = { metric: 'top-1', data: 'flowers', attachedAt: '', float32: null, int8: null };
      fake.trained = [3, 5, 9].map((candidate) => ({
        ...{ ...model, ...said, candidate, accuracy: 10 * candidate },
      }));
      const scores = [
        { score: 'score', label: 'ZiCo-BC', networks: 3, kendall: 0.333, spearman: 0.5 },
        { score: 'parameters', label: 'Parameters', networks: 3, kendall: null, spearman: null },
      ];
      fake.trainedGroups = [{ metric: 'top-1', data: 'flowers', candidates: [9, 5, 3], scores }];
    });
    await fireEvent.click(await screen.findByRole('button', { name: 'Trained' }));
    const list = await screen.findByRole('table', { name: 'Trained networks' });
    expect(within(list).getAllByRole('row')).toHaveLength(4);
    within(list).getByText('90 %');
    const order = await screen.findByRole('table', { name: 'top-1 on flowers, 3 networks' });
    const rows = within(order).getAllByRole('row');
    expect(rows.map(({ textContent }) => textContent.replace(/\s+/g, ''))).toEqual([
      ...['ScoreNetworksKendallτ-bSpearman', 'ZiCo-BC30.3330.500', 'Parameters3––'],
    ]);
    await fireEvent.click(within(list).getByRole('button', { name: 'c-0005' }));
    expect(bridge.trainedAsked.filter(({ method }) => method === 'order')).toHaveLength(1);
  });

  it('says how to attach one where there is none', async () => {
    open('#/run/demo');
    await fireEvent.click(await screen.findByRole('button', { name: 'Trained' }));
    await screen.findByText(/No trained model is attached/);
  });
});
