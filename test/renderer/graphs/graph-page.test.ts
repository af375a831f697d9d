import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import App from '../../../renderer/app/App.svelte';
import { WorkbenchShell } from '../../../renderer/app/workbench.svelte.ts';
import { GraphStore } from '../../../renderer/graphs/graph.svelte.ts';
import {
  layoutGraph,
  type GraphLayoutRequest,
} from '../../../renderer/graphs/layout/graph-layout.ts';
import { prepareDom } from '../dom.ts';
import { FakeBridge, fakeModel, Refusal } from '../fake-bridge.ts';
import { fakeGraph } from '../fake-graphs.ts';

/** Does in this thread what the worker does in its own. */
class LayoutHere {
  onmessage: ((event: { data: unknown }) => void) | null = null;
  postMessage(request: GraphLayoutRequest): void {
    void Promise.resolve().then(() => this.onmessage?.({ data: layoutGraph(request) }));
  }
  terminate(): void {
    this.onmessage = null;
  }
}

beforeEach(() => {
  prepareDom();
  vi.stubGlobal('Worker', LayoutHere);
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

async function open(hash = '#/graph', bridge = new FakeBridge()): Promise<FakeBridge> {
  location.hash = hash;
  render(App, { workbench: new WorkbenchShell(bridge) });
  return bridge;
}
const choose = async (): Promise<void> =>
  void (await fireEvent.click(await screen.findByRole('button', { name: 'Open a model…' })));
const list = () => screen.findByRole('listbox', { name: 'Nodes of the model' });
const panel = () => screen.findByRole('complementary', { name: 'Node' });

function drop(file: File): void {
  const event = new Event('drop', { bubbles: true, cancelable: true });
  window.dispatchEvent(Object.assign(event, { dataTransfer: { files: [file], types: ['Files'] } }));
}

describe('the page of a model graph', () => {
  it('opens a model, and begins at the node because of which it cannot be scored', async () => {
    await open();
    await screen.findByText('Drop an ONNX file to see its graph');
    await choose();
    await screen.findByRole('application', { name: 'Graph of block.onnx' });
    const there = within(await panel());
    await there.findByText('/block/Mystery');
    expect(there.getByRole('note').textContent).toContain('is not supported');
    const chosen = within(await list()).getByRole('option', { selected: true });
    expect(chosen.textContent).toContain('Mystery');
  });

  it('shows attributes and weights of the node that is chosen', async () => {
    await open();
    await choose();
    await fireEvent.click(within(await list()).getByRole('option', { name: /Conv \/stem/ }));
    const there = within(await panel());
    await there.findByText('[2, 2]');
    there.getByRole('img', { name: /^Histogram of stem\.weight: −0\.5 to 0\.75/ });
    await fireEvent.click(there.getByRole('button', { name: 'Relu' }));
    await there.findByText('/stem/Relu');
  });

  it('is walked through with the keyboard, in the list and in the drawing', async () => {
    await open();
    await choose();
    const nodes = await list();
    await fireEvent.click(within(nodes).getByRole('option', { name: /image/ }));
    await fireEvent.keyDown(nodes, { key: 'ArrowDown' });
    await within(await panel()).findByText('/stem/Conv');
    const drawing = screen.getByRole('application', { name: 'Graph of block.onnx' });
    await fireEvent.keyDown(drawing, { key: 'ArrowDown' });
    await within(await panel()).findByText('/stem/Relu');
    await fireEvent.keyDown(drawing, { key: 'ArrowUp' });
    await within(await panel()).findByText('/stem/Conv');
  });

  it('finds nodes by words of operator, name and shape', async () => {
    await open();
    await choose();
    await list();
    const field = screen.getByRole('searchbox', { name: 'Find a node' });
    await fireEvent.input(field, { target: { value: 'conv 32' } });
    await screen.findByText('1 of 2');
    await fireEvent.keyDown(field, { key: 'Enter' });
    await screen.findByText('2 of 2');
    await within(await panel()).findByText('/block/Conv');
    expect(within(await list()).getAllByRole('option')).toHaveLength(2);
    await fireEvent.input(field, { target: { value: 'nowhere' } });
    await screen.findByText('no match');
  });

  it('adds the model to those that are scored', async () => {
    const bridge = await open();
    await choose();
    await fireEvent.click(await screen.findByRole('button', { name: 'Score it' }));
    await screen.findByRole('heading', { level: 1, name: 'Score a model' });
    expect(bridge.calls.map(({ method }) => method)).toContain('graphs.score');
    expect(bridge.calls.map(({ method }) => method)).toContain('graphs.close');
  });

  it('opens what is dropped on another page', async () => {
    await open('#/searches');
    await screen.findByRole('heading', { level: 1, name: 'Searches' });
    drop(new File(['x'], 'dropped.onnx'));
    await screen.findByRole('application', { name: 'Graph of dropped.onnx' });
    expect(location.hash).toBe('#/graph');
  });

  it('opens a model of the list of scored ones', async () => {
    const bridge = new FakeBridge();
    bridge.models = { ...bridge.models, models: [fakeModel(3, 'wide.onnx', [64, 64, 64, 64, 64])] };
    await open('#/score', bridge);
    await fireEvent.click(await screen.findByRole('button', { name: 'Show wide.onnx as a graph' }));
    await screen.findByRole('application', { name: 'Graph of block.onnx' });
    expect(bridge.calls.find(({ method }) => method === 'graphs.ofModel')?.args).toEqual([
      { id: 3 },
    ]);
  });

  it('says what is wrong with a file, and keeps what it showed', async () => {
    const bridge = await open();
    await choose();
    await list();
    bridge.overrides['graphs.choose'] = () => {
      throw new Refusal({
        code: 'graph-too-large',
        message: 'It has 100,000 nodes.',
        hint: 'Cut it.',
      });
    };
    await choose();
    const alert = await screen.findByRole('alert');
    expect(alert.textContent).toContain('100,000 nodes');
    await list();
    // Another one that can be shown mends it.
    delete bridge.overrides['graphs.choose'];
    await choose();
    await waitFor(() => expect(screen.queryByText(/100,000 nodes/)).toBeNull());
  });
});

describe('laying out', () => {
  it('can be cancelled, after which nothing is shown', async () => {
    let cancelled = false;
    const never = () => ({
      done: new Promise<never>(() => undefined),
      cancel: () => void (cancelled = true),
    });
    const store = new GraphStore({
      bridge: new FakeBridge(),
      onError: () => undefined,
      start: never,
    });
    void store.choose();
    await waitFor(() => expect(store.working).toBe('layout'));
    store.cancel();
    expect([cancelled, store.working, store.graph]).toEqual([true, null, null]);
  });

  it('is of the model that was opened last', async () => {
    const store = new GraphStore({
      ...{ bridge: new FakeBridge(), onError: () => undefined },
      start: (request) => ({
        done: Promise.resolve(layoutGraph(request)),
        cancel: () => undefined,
      }),
    });
    await Promise.all([store.ofModel(1), store.drop(new File(['x'], 'later.onnx'))]);
    expect(store.graph?.file).toBe('later.onnx');
    expect(store.readers[2]).toEqual([3, 4]);
    expect(store.matches).toHaveLength(fakeGraph.boxes.length);
  });
});
