import { readdir } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { NewSearchPage, smallSearch } from './pages/new-search.ts';
import type { Page } from 'playwright-core';
import { createHome, type Home } from './pages/open.ts';
import type { RunPage } from './pages/run.ts';
import { SearchesPage } from './pages/searches.ts';

describe('a search that is interrupted', () => {
  it('is stopped, survives quitting and goes on to its end', async () => {
    await using home = await createHome();
    const before = await searchAndStop(home);
    expect(before.length).toBeGreaterThan(0);
    expect(before.length).toBeLessThan(8);
    // The log is folded in: the run is one file that can be sent to somebody.
    expect(await readdir(home.runsFolder)).toEqual(['Interrupted.zico']);

    await using reopened = await home.open();
    const run = await (await new SearchesPage(reopened.page).open()).openRun('Interrupted');
    expect(await storedRows(reopened.page)).toEqual(before);

    await run.resume();
    await run.waitUntil('Finished', 120_000);
    const after = await storedRows(reopened.page);
    expect(after).toHaveLength(8);
    // Nothing was measured a second time. By id: two are scored at a time, so the second may be
    // stored when it is stopped and the first not.
    const ids = new Set(before.map(({ id }) => id));
    expect(after.filter(({ id }) => ids.has(id))).toEqual(before);
    expect(await reopened.problems()).toEqual([]);
  }, 240_000);

  it('begins nothing while it is paused, and goes on', async () => {
    await using home = await createHome();
    await using launched = await home.open();
    const run = await startSearch(launched.page, 'Paused');
    await run.show('All');
    await run.row('c-0001').waitFor({ timeout: 60_000 });
    await run.pause();
    await run.waitUntil('Paused');
    // What was being scored ends.
    let before: Awaited<ReturnType<typeof storedRows>>;
    do {
      before = await storedRows(launched.page);
      await wait(3000);
    } while ((await storedRows(launched.page)).length > before.length);
    expect(before.length).toBeLessThan(8);
    await wait(3000);
    expect(await storedRows(launched.page)).toEqual(before);
    await run.resume();
    await run.waitUntil('Finished', 120_000);
    expect(await storedRows(launched.page)).toHaveLength(8);
  }, 240_000);

  it('loses nothing when the window is closed while it runs', async () => {
    await using home = await createHome();
    {
      await using launched = await home.open();
      const run = await startSearch(launched.page, 'Closed');
      await run.show('All');
      await run.row('c-0001').waitFor({ timeout: 60_000 });
    }
    expect(await readdir(home.runsFolder)).toEqual(['Closed.zico']);
    await using reopened = await home.open();
    const run = await (await new SearchesPage(reopened.page).open()).openRun('Closed');
    expect(await run.now()).toContain('Stopped');
    await run.show('All');
    await run.row('c-0001').waitFor();
  }, 180_000);

  /** Candidates that were there when it stopped. */
  async function searchAndStop(home: Home): Promise<StoredRow[]> {
    await using launched = await home.open();
    const run = await startSearch(launched.page, 'Interrupted');
    await run.show('All');
    await run.row('c-0002').waitFor({ timeout: 60_000 });
    await run.stop();
    await run.waitUntil('Stopped');
    return await storedRows(launched.page); // awaited before the window is closed
  }

  async function startSearch(page: Page, name: string): Promise<RunPage> {
    const form = await new NewSearchPage(page).open();
    await form.fill({ ...smallSearch, Name: name });
    return form.start();
  }

  /** Everything that is listed of the candidates of the only run, to the last digit. */
  async function storedRows(page: Page): Promise<StoredRow[]> {
    return page.evaluate(async () => {
      const list = await window.workbench.call('runs.list');
      const run = (list.ok && list.value[0]?.run) || '';
      const rows = await window.workbench.call('runs.candidates', { run, after: 0, most: 1000 });
      if (!rows.ok) return [];
      const { ids, genotypes, zico, zicoCapped, bias, latencyMs, macs } = rows.value;
      return genotypes.split('\n').map((genotype, i) => ({
        ...{ id: ids[i]!, genotype, macs: macs[i]! },
        figures: [zico[i]!, zicoCapped[i]!, bias[i]!, latencyMs[i]!].map(String),
      }));
    });
  }
});

interface StoredRow {
  readonly id: number;
  readonly genotype: string;
  readonly macs: number;
  readonly figures: readonly string[];
}
