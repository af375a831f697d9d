/** Choosing from a front: four candidates beside each other. */
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LaunchedApp } from './launch.ts';
import { createHome, type Home } from './pages/open.ts';
import type { RunPage } from './pages/run.ts';
import { SearchesPage } from './pages/searches.ts';
import { writeStoredRun } from './stored-run.ts';

describe('choosing from a front', () => {
  let home: Home;
  let launched: LaunchedApp;
  let run: RunPage;
  beforeAll(async () => {
    home = await createHome();
    writeStoredRun(path.join(home.runsFolder, 'stored.zico'), 200);
    launched = await home.open();
    run = await (await new SearchesPage(launched.page).open()).openRun('stored');
  });
  afterAll(async () => {
    await launched?.close();
    await home?.[Symbol.asyncDispose]();
  });

  it('four candidates stand side by side, with what differs marked', async () => {
    const { page } = launched;
    await run.show('All');
    const names = (await run.names()).slice(0, 5);
    for (const name of names.slice(0, 4)) {
      await run.select(name);
      await page.keyboard.press('p');
    }
    await page.keyboard.press('c');
    const table = page.getByRole('table', { name: 'Compare' });
    await table.waitFor();
    for (const name of names.slice(0, 4)) await table.getByText(name).first().waitFor();
    expect(await table.getByText(names[4] ?? '').count()).toBe(0);
    for (const row of ['Parameters', 'ZiCo', 'Median, ms', 'Sum of log terms']) {
      const head = page.getByRole('rowheader', { name: row, exact: true });
      const cells = table.locator('tr').filter({ has: head }).locator('td');
      expect(await cells.count()).toBe(4);
    }
    await page.keyboard.press('Escape');
    await run.shown();
    expect(await launched.problems()).toEqual([]);
  });
});
