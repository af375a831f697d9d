import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AppDescription } from '../../../preload/contract.ts';
import App from '../../../renderer/app/App.svelte';
import { WorkbenchShell } from '../../../renderer/app/workbench.svelte.ts';
import { scoringText as words } from '../../../renderer/score/scoring-text.ts';
import { termsText } from '../../../renderer/ground/words/terms.ts';
import { prepareDom } from '../dom.ts';
import { description, FakeBridge, fakeModel } from '../fake-bridge.ts';

const known: { bf16Obstacle: AppDescription['bf16Obstacle'] } = description;

beforeEach(() => prepareDom());
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  known.bf16Obstacle = null;
});

async function choice(obstacle: string | null) {
  known.bf16Obstacle = obstacle;
  location.hash = '#/score';
  const bridge = new FakeBridge();
  bridge.models = { ...bridge.models, models: [fakeModel(1, 'a.onnx', [8])] };
  render(App, { workbench: new WorkbenchShell(bridge) });
  const select = await screen.findByLabelText<HTMLSelectElement>(words.precision);
  await waitFor(() => expect(screen.queryByText(/Invented|onnxruntime 1/)).not.toBeNull());
  return { bridge, select, offered: () => [...select.options].map(({ value }) => value) };
}

describe('the precision of convolutions', () => {
  it('is offered where the computer has bf16, and asked for as chosen', async () => {
    const { bridge, select, offered } = await choice(null);
    expect(offered()).toEqual(['auto', 'float32', 'float32-winograd', 'bf16']);
    expect(select.value).toBe('auto');
    await fireEvent.change(select, { target: { value: 'bf16' } });
    await waitFor(() => {
      const asked = bridge.calls.filter(({ method }) => method === 'models.configure').at(-1);
      expect(JSON.stringify(asked?.args)).toContain('"precision":"bf16"');
    });
  });

  it('is none where it has not, and says why', async () => {
    const { offered } = await choice('This processor has none.');
    await waitFor(() => expect(offered()).toEqual(['auto', 'float32', 'float32-winograd']));
    const about = screen.getByRole('button', { name: termsText.about(words.precision) });
    const tip = document.getElementById(about.getAttribute('aria-describedby') ?? '');
    expect(tip?.textContent).toMatch(/^This processor has none\./);
  });
});
