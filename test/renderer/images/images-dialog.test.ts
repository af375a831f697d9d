import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import App from '../../../renderer/app/App.svelte';
import { WorkbenchShell } from '../../../renderer/app/workbench.svelte.ts';
import { prepareDom, wholeRun } from '../dom.ts';
import { FakeBridge, fakeRun, Refusal, settings } from '../fake-bridge.ts';
import { shownPart } from '../fake-images.ts';
import { WorkerHere } from '../worker-here.ts';

beforeEach(() => {
  prepareDom();
  vi.stubGlobal('Worker', WorkerHere);
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function open(hash: string): FakeBridge {
  location.hash = hash;
  const bridge = new FakeBridge([fakeRun({ run: 'demo', candidates: 60 })]);
  render(App, { workbench: new WorkbenchShell(bridge) });
  return bridge;
}
const click = async (name: string) => fireEvent.click(await screen.findByRole('button', { name }));
const dialog = () => screen.findByRole('dialog', { name: 'Images as they are scored' });
const asked = (bridge: FakeBridge) =>
  bridge.calls.flatMap(({ method, args }) =>
    method.startsWith('images.of') ? [[method, (args as readonly unknown[])[0]] as const] : [],
  );

describe('the images', () => {
  it('of a search are those of the form as it stands', async () => {
    const bridge = open('#/new');
    await click('See the images');
    const images = within(await dialog());
    await images.findByText('4 of 4 images');
    expect(images.getAllByRole('img').map((image) => image.getAttribute('aria-label'))).toEqual([
      'Image 1: cat',
      'Image 2: dog',
      'Image 3: cat',
      'Image 4: dog',
    ]);
    images.getByText('Batch 1 of 2');
    expect(asked(bridge)[0]).toEqual([
      'images.ofSearch',
      { wanted: { settings }, batch: 0, first: 0, anew: false },
    ]);
  });

  it('can be looked at where another field has a fault', async () => {
    const bridge = open('#/new');
    await fireEvent.input(await screen.findByRole('textbox', { name: 'Images in a batch' }), {
      target: { value: '0' },
    });
    await click('See the images');
    await dialog();
    expect(asked(bridge)).toHaveLength(2);
  });

  it('of a run are looked at from its page, batch by batch, and let go', async () => {
    const bridge = open('#/run/demo');
    await wholeRun();
    await click('Images');
    const images = within(await dialog());
    await images.findByText('4 of 4 images');
    await fireEvent.click(images.getByRole('button', { name: 'Next batch' }));
    await images.findByText('Batch 2 of 2');
    await fireEvent.click(images.getByRole('button', { name: /^Close/ }));
    await waitFor(() => expect(bridge.calls.at(-1)?.method).toBe('images.close'));
    expect(asked(bridge)[0]).toEqual([
      'images.ofRun',
      { run: 'demo', candidate: null, batch: 0, first: 0, anew: false },
    ]);
  });

  it('of a candidate are as its network takes them', async () => {
    const bridge = open('#/run/demo/45');
    await screen.findByText(/^Scored on /);
    await click('See the images');
    await dialog();
    expect(asked(bridge)[0]).toMatchObject(['images.ofRun', { run: 'demo', candidate: 45 }]);
  });

  it('have boxes, masks, a legend, and notes in sentences', async () => {
    const bridge = open('#/run/demo');
    bridge.overrides['images.ofRun'] = ({ batch, first }) => {
      const part = shownPart(batch, first);
      const boxes = [{ edges: [0, 0, 1, 2] as [number, number, number, number], class: 1 }];
      const images = part.images.map((image) => ({ ...image, label: null, boxes }));
      return { ...part, task: 'detection', notes: ['One image was left out.'], images };
    };
    await wholeRun();
    await click('Images');
    const images = within(await dialog());
    await images.findByText('One image was left out.');
    images.getByRole('img', { name: 'Image 1: 1 box (dog)' });
    const legend = within(images.getByRole('group', { name: 'Classes in this batch' }));
    legend.getByText('dog');
    legend.getAllByText('2 boxes');
    await fireEvent.click(images.getByRole('checkbox', { name: 'Boxes' }));
    expect(document.querySelectorAll('figure rect')).toHaveLength(0);
  });

  it('that cannot be had are a sentence and what to do', async () => {
    const bridge = open('#/run/demo');
    bridge.overrides['images.ofRun'] = () => {
      throw new Refusal({
        code: 'data-changed',
        message: 'They are others.',
        hint: 'Put them back.',
      });
    };
    await wholeRun();
    await click('Images');
    const alert = await within(await dialog()).findByRole('alert');
    expect(alert.textContent).toMatch(/They are others\.\s*Put them back\./);
  });
});
