/** What can be pressed on any page can be found in the palette, and does the same from there. */
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import App from '../../../renderer/app/App.svelte';
import { newSpace } from '../../../renderer/spaces/editor/new-space.ts';
import { jsonText } from '../../../renderer/spaces/editor/space-json.ts';
import { WorkbenchShell } from '../../../renderer/app/workbench.svelte.ts';
import { prepareDom } from '../dom.ts';
import { FakeBridge, fakeBenchmark, fakeModel, fakeRun } from '../fake-bridge.ts';
import { fakePhone, phonesWith } from '../fake-phones.ts';

vi.setConfig({ testTimeout: 60_000 }); // whole pages, on a machine that may be busy

beforeEach(() => prepareDom());
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

/** Buttons that are no action, and why. */
const noAction: readonly (readonly [why: string, is: (button: HTMLButtonElement) => boolean])[] = [
  ['cannot be pressed now', (button) => button.disabled],
  ['sorts a table', (button) => button.closest('th') !== null],
  ['shows a part of the page', (button) => button.getAttribute('role') === 'tab'],
  [
    'explains a term',
    (button) =>
      button.matches('.term') || /^Explain /.test(button.getAttribute('aria-label') ?? ''),
  ],
  ['opens the palette', (button) => /^Find or do/.test(button.textContent.trim())],
  ['is chosen already', (button) => button.getAttribute('aria-pressed') === 'true'],
];

function bridgeWithEverything(): FakeBridge {
  const bridge = new FakeBridge([
    fakeRun({ run: 'a', state: 'stopped', candidates: 30 }),
    fakeRun({ run: 'b', candidates: 30 }),
  ]);
  bridge.benchmarks = [fakeBenchmark('before')];
  bridge.models = { ...bridge.models, models: [fakeModel(1, 'a.onnx', [8, 8, 8, 8, 8])] };
  bridge.phones = phonesWith([fakePhone('A1')]);
  bridge.ownSpaces.files.set('mine', jsonText(newSpace('mine')));
  return bridge;
}

async function open(hash: string, bridge: FakeBridge): Promise<void> {
  location.hash = hash;
  render(App, { workbench: new WorkbenchShell(bridge) });
  await screen.findByRole('heading', { level: 1 });
  await new Promise((resolve) => setTimeout(resolve, 50)); // what the page asks for arrives
}

/** What a button is read out as. */
function nameOf(button: HTMLButtonElement): string {
  const label = button.getAttribute('aria-label');
  if (label !== null) return label.trim();
  const labelledBy = document.getElementById(button.getAttribute('aria-labelledby') ?? '');
  const of = labelledBy ?? button.labels[0];
  if (of) return of.textContent.trim();
  const copy = button.cloneNode(true) as HTMLElement;
  copy.querySelectorAll('[aria-hidden="true"]').forEach((part) => part.remove());
  return copy.textContent.replace(/\s+/g, ' ').trim();
}

/** Opens the palette; the titles that it lists. */
async function listed(): Promise<string[]> {
  await fireEvent.keyDown(window, { key: 'k', ctrlKey: true });
  await waitFor(() => expect(document.querySelector('.palette-item')).not.toBeNull());
  return [...document.querySelectorAll('.palette-item .clip')].map((item) =>
    item.textContent.trim(),
  );
}

describe('the palette finds every action', () => {
  it.each([
    ['searches', '#/', bridgeWithEverything],
    ['the first use', '#/', () => new FakeBridge()],
    ['a new search', '#/new', bridgeWithEverything],
    ['spaces', '#/spaces', bridgeWithEverything],
    ['a space of one’s own', '#/spaces/mine', bridgeWithEverything],
    ['models', '#/score', bridgeWithEverything],
    ['phones', '#/phones', bridgeWithEverything],
    ['no phone', '#/phones', () => new FakeBridge()],
    ['benchmarks', '#/benchmarks', bridgeWithEverything],
    ['settings', '#/settings', bridgeWithEverything],
    ['two fronts', '#/fronts/a/b', bridgeWithEverything],
  ])('of the page of %s', async (_page, hash, bridge) => {
    await open(hash, bridge());
    const actions = [...document.querySelectorAll<HTMLButtonElement>('.page button')]
      .filter((button) => !noAction.some(([, is]) => is(button)))
      .map(nameOf);
    expect(actions.filter((name) => name === '')).toEqual([]); // all have a name at all
    const titles = await listed();
    expect(actions.filter((name) => !titles.includes(name))).toEqual([]);
    expect(titles.length).toBe(new Set(titles).size); // no two that cannot be told apart
  });

  it('does what the button does', async () => {
    const bridge = bridgeWithEverything();
    await open('#/settings', bridge);
    expect(await listed()).toContain('Choose adb…');
    await fireEvent.click(
      [...document.querySelectorAll('.palette-item')].find((item) =>
        item.textContent.includes('Choose adb…'),
      )!,
    );
    await waitFor(() =>
      expect(bridge.calls.map(({ method }) => method)).toContain('phones.chooseAdb'),
    );
  });

  it('lists what the page has now: nothing of the page before', async () => {
    await open('#/settings', bridgeWithEverything());
    location.hash = '#/spaces';
    await screen.findByRole('table', { name: 'Search spaces' });
    expect(await listed()).not.toContain('Choose adb…');
  });
});
