import path from 'node:path';
import { expect, it, vi } from 'vitest';
import { defaultSearchSettings, type SearchSettings } from '../../../main/common/settings/index.ts';
import { besides } from '../../../main/run/candidate.ts';
import { openRunForWriting, openRunReadOnly } from '../../../main/store/run-file.ts';
import { confirmedAtMost } from '../../../main/workbench/confirm-front.ts';
import type { SearchEvent } from '../../../main/search/search.ts';
import { workbenchInFolder } from '../../support/workbench-in-folder.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 60_000 }); // real children, on a machine that may be busy

/** Two repeats a latency, since nothing here depends on how exact it is. */
const settings = {
  ...defaultSearchSettings,
  ...{ candidates: 10, batchSize: 2, intervalPercent: null, repeats: 2 },
} as const;

const own = workbenchInFolder('extra-scores');

/** The start of no search. */
const unusual = '16:24:40:8:56';

const never = new AbortController().signal;

/** A guided search, stopped after so many candidates, or to its end. */
async function searched(
  name: string,
  most = Infinity,
  latency: SearchSettings['latency'] = 'macs',
  onEvent?: (event: SearchEvent) => void,
): Promise<string> {
  const file = path.join(own.folder, `${name}.zico`);
  let stored = 0;
  const asked = { ...settings, latency };
  const running = await own.workbench.startSearch(asked, file, (event) => {
    onEvent?.(event);
    if (event.phase === 'stored' && ++stored >= most) running.stop();
  });
  await running.finished;
  return file;
}

async function wentOn(file: string) {
  await (
    await own.workbench.resumeSearch(file, () => undefined)
  ).finished;
  const run = openRunReadOnly(file);
  try {
    return { candidates: run.candidates(), extras: run.extras() };
  } finally {
    run.close();
  }
}

it('scores a network as its search would have, once, and leaves the search as it was', async () => {
  const whole = await wentOn(await searched('whole'));
  const later = whole.candidates[8]!;
  const file = await searched('stopped', 3);
  const first = await own.workbench.scoreNetwork(file, later.genotype, never);
  expect(first).toMatchObject({ id: besides, genotype: later.genotype, latency: null });
  if (later.status !== 'evaluated') throw new Error('it was scored');
  // To the bit, with its layers.
  expect(first.score).toMatchObject({ zico: later.score.zico, bias: later.score.bias });
  expect(first.score.layers.length).toBeGreaterThan(0);
  const again = await own.workbench.scoreNetwork(file, later.genotype, never);
  expect(again.score.seconds).toBe(first.score.seconds);

  const rest = await wentOn(file);
  expect(rest.extras[0]?.genotype).toBe(later.genotype);
  expect(rest.candidates.map(({ genotype }) => genotype)).toEqual(
    whole.candidates.map(({ genotype }) => genotype),
  );
  // Proposed in its turn, it takes the score that is there.
  expect(rest.candidates[8]).toMatchObject({ score: { seconds: first.score.seconds } });
  const known = await own.workbench.scoreNetwork(file, rest.candidates[0]!.genotype, never);
  expect(known.id).toBe(1);
});

it('a guided search scores some of the front that it expects before it is over', async () => {
  const events: SearchEvent[] = [];
  const file = await searched('confirmed', Infinity, 'macs', (event) => events.push(event));
  const run = openRunReadOnly(file);
  const once = run.extras();
  run.close();
  expect(once.length).toBeGreaterThan(0);
  expect(once.length).toBeLessThanOrEqual(8);
  const after = events.slice(events.findIndex(({ phase }) => phase === 'ended') + 1);
  expect(after.map(({ confirmed }) => confirmed)).toEqual(
    Array.from({ length: once.length + 1 }, (_, done) => ({ done, planned: once.length })),
  );
  expect(after.every(({ phase, evaluated }) => phase === 'confirming' && evaluated === 10)).toBe(
    true,
  );
  // Gone on with, it has its eight already, but for those that are no longer expected there.
  const { candidates, extras } = await wentOn(file);
  expect(candidates).toHaveLength(10);
  expect(extras.length).toBeLessThan(once.length + 8);
  const networks = [...candidates, ...extras].map(({ genotype }) => genotype);
  expect(new Set(networks).size).toBe(networks.length);
});

it.each(['host', 'predicted-s10-cpu'] as const)(
  'confirms some of the front that it expects with %s latencies, which it has then',
  async (latency) => {
    const file = await searched(`confirmed-${latency}`, Infinity, latency);
    const run = openRunReadOnly(file);
    const extras = run.extras();
    run.close();
    expect(extras.length).toBeGreaterThan(0);
    expect(extras.length).toBeLessThanOrEqual(confirmedAtMost({ latency }, settings.candidates));
    for (const extra of extras) expect(extra.latency?.latencyMs).toBeGreaterThan(0);
  },
);

it('confirms fewer where each has to be measured, and the same where none is', () => {
  const most = (latency: SearchSettings['latency'], candidates: number) =>
    confirmedAtMost({ latency }, candidates);
  expect([most('macs', 10), most('predicted-s10-cpu', 10)]).toEqual([8, 8]);
  expect([10, 60, 1000].map((n) => most('phone', n))).toEqual([1, 4, 8]);
});

it('measures a network by the source of its run, and keeps the first figure', async () => {
  const file = await searched('measured', 3, 'host');
  const network = await own.workbench.scoreNetwork(file, unusual, never);
  expect(network.latency).toBeNull();
  const latency = await own.workbench.measureNetwork(file, network, never);
  expect(latency.latencyMs).toBeGreaterThan(0);
  const stored = () => own.workbench.scoreNetwork(file, unusual, never);
  expect((await stored()).latency?.latencyMs).toBe(latency.latencyMs);
  await own.workbench.measureNetwork(file, await stored(), never);
  expect((await stored()).latency?.latencyMs).toBe(latency.latencyMs);
});

it('measures on this computer where the run counts MACs, and stores nothing of it', async () => {
  const file = await searched('counted', 3);
  const network = await own.workbench.scoreNetwork(file, unusual, never);
  const latency = await own.workbench.measureNetwork(file, network, never);
  expect(latency.conditions.source).toBe('host');
  expect((await own.workbench.scoreNetwork(file, unusual, never)).latency).toBeNull();
});

it('refuses what is no network of the space, and a run that is being written', async () => {
  const file = await searched('refusing', 2);
  const at = (text: string) => own.workbench.scoreNetwork(file, text, never);
  await expect(at('8:8')).rejects.toMatchObject({ code: 'genotype-outside-space' });
  const open = openRunForWriting(file);
  try {
    await expect(at('8:8:8:8:8')).rejects.toMatchObject({ code: 'run-in-use' });
  } finally {
    open.close();
  }
});
