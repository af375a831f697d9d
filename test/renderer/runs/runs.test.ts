import { expect, it } from 'vitest';
import { RunsStore } from '../../../renderer/runs/runs.svelte.ts';
import { FakeBridge, fakeRun } from '../fake-bridge.ts';

/** What a press of Resume asks for while the list says that the run is in this state. */
async function asked(state: 'paused' | 'stopping' | 'stopped'): Promise<string[]> {
  const bridge = new FakeBridge([fakeRun({ run: 'r', state, candidates: 4 })]);
  const runs = new RunsStore(
    bridge,
    (error) => {
      throw error;
    },
    () => false,
  );
  await runs.refresh();
  await runs.resume('r');
  return bridge.calls.map(({ method }) => method).filter((method) => method.startsWith('search.'));
}

it('lets a paused search go on, and resumes any other, also one that the list believes is stopping', async () => {
  expect(await asked('paused')).toEqual(['search.goOn']);
  expect(await asked('stopped')).toEqual(['search.resume']);
  expect(await asked('stopping')).toEqual(['search.resume']);
});
