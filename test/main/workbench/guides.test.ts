import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readAccuracyTable } from '../../../main/benchmark/accuracy-table.ts';
import { budgetsOf, knownAccuracies } from '../../../main/benchmark/known-accuracies.ts';
import { nodeProcesses } from '../../../main/child/node-process.ts';
import type { ChildHandle, ChildProcesses } from '../../../main/child/process.ts';
import { defaultSearchSettings, type SearchSettings } from '../../../main/common/settings/index.ts';
import type { Candidate } from '../../../main/run/candidate.ts';
import { worthConfirming } from '../../../main/search/guided/confirmed.ts';
import { estimatesOf } from '../../../main/search/guided/estimates.ts';
import { GuidanceHere } from '../../../main/search/guided/guidance.ts';
import { whatIsKnown } from '../../../main/search/guided/knowledge.ts';
import { runAtOnce } from '../../../main/search/guided/slices.ts';
import { runSearch } from '../../../main/search/search.ts';
import { spaceNamed } from '../../../main/space/index.ts';
import type { Genotype } from '../../../main/space/space.ts';
import { GuideChild, judgingInChild, knownInChild } from '../../../main/workbench/guides.ts';
import { judgingHere } from '../../../main/workbench/search-benchmark.ts';
import { leastMsOf } from '../../../main/workbench/latency-sources.ts';
import { countsOf, sizeOf } from '../../../main/workbench/size-of.ts';
import { createMemoryStore, toyScore } from '../../support/toy-search.ts';

const entry = path.resolve('main/workbench/guide-child.ts');
const space = spaceNamed('nats-sss');
const count = (genotype: Genotype) => countsOf(space, genotype);

/** Children of which the latest can be ended from outside. */
function mortal(): ChildProcesses & { latest: ChildHandle | null; started: number } {
  return {
    latest: null,
    started: 0,
    start(script, name) {
      this.started++;
      return (this.latest = nodeProcesses.start(script, name));
    },
  };
}

/** A search with made-up scores. @param placed is called with each place */
async function searched(
  settings: SearchSettings,
  guide: ConstructorParameters<typeof GuideChild>[0] | null,
  placed: (place: number) => void = () => undefined,
): Promise<readonly Candidate[]> {
  const store = createMemoryStore(settings);
  const about = { space: space.description, settings };
  const guidance = guide && new GuideChild(guide, about, new AbortController().signal);
  const least = { leastMs: leastMsOf(settings) };
  try {
    await runSearch({
      ...{ space, settings, store, count },
      summarise: (genotype) => sizeOf(space.decode(genotype), settings, least),
      ...(guidance && { guidance }),
      score(genotype) {
        placed(store.candidates().length + 1);
        const { parameters } = count(genotype);
        const zico = 10 * Math.log(parameters);
        return Promise.resolve({
          ...toyScore('1-1' as Genotype),
          ...{ zico, zicoCapped: zico, bias: 0 },
        });
      },
      latency:
        settings.latency === 'macs'
          ? null
          : {
              exclusive: false,
              measure: (genotype) =>
                Promise.resolve({
                  latencyMs: least.leastMs!(space.decode(genotype)),
                  conditions: {},
                } as never),
            },
    });
  } finally {
    await guidance?.close();
  }
  return store.candidates();
}

const settings: SearchSettings = {
  ...defaultSearchSettings,
  ...{ seed: 3, inFlight: 4, candidates: 34, termCap: null },
};

describe('a guide in a child', { timeout: 60_000 }, () => {
  const guide = { processes: nodeProcesses, entry };

  it('proposes what it would in this process', async () => {
    const here = await searched(settings, null);
    expect(here).toHaveLength(34);
    expect(await searched(settings, guide)).toEqual(here);
  });

  it('keeps to limits that only a graph tells', async () => {
    const limited = { ...settings, latency: 'predicted-s10-gpu', maxLatencyMs: 5.3 } as const;
    const here = await searched(limited, null);
    for (const candidate of here) expect(candidate).toMatchObject({ status: 'evaluated' });
    expect(await searched(limited, guide)).toEqual(here);
  });

  it('proposes the same where it is ended from outside, and started again', async () => {
    const processes = mortal();
    const candidates = await searched(settings, { processes, entry }, (place) => {
      if (place === 15 || place === 26) processes.latest?.kill();
    });
    expect(processes.started).toBe(3);
    expect(candidates).toEqual(await searched(settings, null));
  });

  it('takes more than a thousand earlier proposals in several messages', async () => {
    const about = { space: space.description, settings };
    const proposed = Array.from({ length: 1_200 }, (_, i) => space.at(i * 7));
    const results = proposed.map((genotype) => ({
      parts: [Math.log(count(genotype).parameters)],
      latencyMs: null,
    }));
    const child = new GuideChild(guide, about, new AbortController().signal);
    const summarise = (genotype: Genotype) => sizeOf(space.decode(genotype), settings, null);
    const here = new GuidanceHere({ space, settings, summarise, count });
    try {
      const asked = await child.front(proposed, results.slice(0, 60));
      expect(asked).toEqual(await here.front(proposed, results.slice(0, 60)));
    } finally {
      await child.close();
    }
  });

  it('is ended with what stops the search', async () => {
    const halt = new AbortController();
    const child = new GuideChild(guide, { space: space.description, settings }, halt.signal);
    await child.start(8);
    const asked = child.start(1_000);
    setTimeout(() => halt.abort(), 50);
    await expect(asked).rejects.toMatchObject({ code: 'guide-aborted' });
    await child.close();
  });

  it('knows of a run what this process would', async () => {
    const candidates = await searched({ ...settings, candidates: 20 }, null);
    const asked = { settings, candidates, extras: [], wholeSpace: 100 };
    const here = runAtOnce(whatIsKnown({ ...asked, space, count }));
    const there = await knownInChild(guide, { ...asked, space: space.description });
    expect(there?.knowledge).toEqual(here?.knowledge);
    expect(there?.estimates.byId).toEqual(here?.estimates.byId);
    const child = new GuideChild(
      guide,
      { space: space.description, settings },
      new AbortController().signal,
    );
    try {
      const estimates = runAtOnce(estimatesOf({ space, settings, candidates, count }));
      const worth = await child.worthConfirming(candidates, 4);
      expect(worth).toEqual(worthConfirming(estimates!.front, 4));
      expect(worth).toHaveLength(4);
    } finally {
      await child.close();
    }
    const nothing = { ...asked, space: space.description, candidates: [] as Candidate[] };
    expect(await knownInChild(guide, nothing)).toBeNull();
  });
});

describe('fronts that are judged in a child', { timeout: 60_000 }, () => {
  it('are worth what they are worth here', async () => {
    const settings = { ...defaultSearchSettings, candidates: 24 };
    const candidates = await searched(settings, null);
    const file = knownAccuracies(space.name, path.resolve('main/assets'));
    const table = await readAccuracyTable(file, space);
    const never = new AbortController().signal;
    const about = { space: space.description, table: file };
    const there = await judgingInChild({ processes: nodeProcesses, entry }, about, never);
    try {
      const here = judgingHere(space, table, budgetsOf(space, table), never);
      expect([there.columns, there.budgets]).toEqual([here.columns, here.budgets]);
      const judged = await here.after(settings, candidates);
      expect(judged.map(({ candidates: n }) => n)).toEqual([20, 24]);
      expect(await there.after(settings, candidates)).toEqual(judged);
      expect(await there.baselines()).toEqual(await here.baselines());
    } finally {
      await there.close();
    }
  });

  it('need an accuracy of every network, and a table that can be read', async () => {
    const table = { columns: ['x_acc'], rows: [] };
    const never = new AbortController().signal;
    expect(() => judgingHere(space, table, [1e6], never)).toThrow(/0 of the 32768 networks/);
    const about = { space: space.description, table: '/nowhere/table.csv' };
    await expect(
      judgingInChild({ processes: nodeProcesses, entry }, about, never),
    ).rejects.toMatchObject({ code: 'file-not-found' });
  });
});
