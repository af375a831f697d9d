import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LaunchedApp } from './launch.ts';
import { violations } from './pages/axe.ts';
import { createHome, type Home } from './pages/open.ts';
import { RunPage } from './pages/run.ts';
import { SearchesPage } from './pages/searches.ts';
import { writeStoredRun } from './stored-run.ts';

/** What people with and without sight of the window can rely on, on every page, in both themes. */
describe('axe finds nothing wrong', () => {
  let home: Home;
  let launched: LaunchedApp;
  beforeAll(async () => {
    home = await createHome();
    launched = await home.open();
  });
  afterAll(async () => {
    await launched?.close();
    await home?.[Symbol.asyncDispose]();
  });

  const inBothThemes = async (): Promise<string[]> => {
    const { page } = launched;
    const found: string[] = [];
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.waitForTimeout(250);
      found.push(...(await violations(page)).map((line) => `${colorScheme}: ${line}`));
    }
    return found;
  };
  const link = (name: string) =>
    launched.page.getByRole('navigation').getByRole('link', { name }).click();

  it('with the first use', async () => {
    await launched.page.getByRole('button', { name: 'Start the demo' }).waitFor();
    expect(await inBothThemes()).toEqual([]);
  });

  it.each([
    'New search',
    'Spaces',
    'Score a model',
    'Model graph',
    'Benchmarks',
    'Computers',
    'Guide',
    'Settings',
  ])('with the page %s', async (name) => {
    await link(name);
    await launched.page.getByRole('heading', { level: 1, name }).waitFor();
    await launched.page.waitForTimeout(400);
    expect(await inBothThemes()).toEqual([]);
  });

  it('with the page Phones where none is plugged in', async () => {
    await link('Phones');
    await launched.page.getByRole('heading', { level: 1, name: 'Phones' }).waitFor();
    await launched.page.waitForTimeout(400);
    expect(await inBothThemes()).toEqual([]);
  });

  it('with a form that has a fault, every setting unfolded and a term explained', async () => {
    await link('New search');
    await launched.page.getByRole('button', { name: 'More settings' }).click();
    await launched.page.getByLabel('Candidates, at most', { exact: true }).fill('0');
    await launched.page.getByRole('alert').first().waitFor();
    await launched.page.getByRole('button', { name: 'Explain Seed' }).hover();
    await launched.page.getByRole('tooltip').first().waitFor();
    expect(await inBothThemes()).toEqual([]);
  });

  it('with the editor of a space, as a form and as JSON', async () => {
    const { page } = launched;
    await link('Spaces');
    await page.getByRole('button', { name: 'New space' }).click();
    await page.getByRole('form').waitFor();
    await page.waitForTimeout(400);
    expect(await inBothThemes()).toEqual([]);
    await page.getByRole('button', { name: 'JSON', exact: true }).click();
    await page.getByRole('textbox', { name: 'Description as JSON' }).waitFor();
    expect(await inBothThemes()).toEqual([]);
  });

  it('with the list of searches, and its menu', async () => {
    for (const name of ['first', 'second']) {
      writeStoredRun(path.join(home.runsFolder, `${name}.zico`), name === 'first' ? 60 : 90);
    }
    await link('Searches');
    await launched.page.getByRole('table', { name: 'Searches' }).waitFor();
    expect(await inBothThemes()).toEqual([]);
    await launched.page.getByRole('button', { name: 'More for first' }).click();
    await launched.page.getByRole('menuitem', { name: 'Compare its front…' }).waitFor();
    expect(await inBothThemes()).toEqual([]);
  });

  it('with the fronts of two searches', async () => {
    await launched.page.getByRole('menuitem', { name: 'Compare its front…' }).click();
    await launched.page.getByRole('table', { name: 'Hypervolume' }).waitFor();
    expect(await inBothThemes()).toEqual([]);
    for (const view of ['Differences', 'In common']) {
      await launched.page.getByRole('button', { name: view, exact: true }).click();
      await launched.page.getByRole('table', { name: view }).waitFor();
      expect(await inBothThemes()).toEqual([]);
    }
  });

  it('with a search, and with the palette', async () => {
    const run = await (await new SearchesPage(launched.page).open()).openRun('first');
    await run.rows().nth(1).waitFor();
    await run.select((await run.names())[1] ?? '');
    expect(await inBothThemes()).toEqual([]);
    await launched.page.keyboard.press('Control+k');
    await launched.page.getByRole('dialog').waitFor();
    expect(await inBothThemes()).toEqual([]);
    await launched.page.keyboard.press('Escape');
  });

  it('with four candidates compared', async () => {
    const run = new RunPage(launched.page);
    for (const name of (await run.names()).slice(0, 4)) {
      await run.select(name);
      await launched.page.keyboard.press('p');
    }
    await launched.page.keyboard.press('c');
    const table = launched.page.getByRole('table', { name: 'Compare' });
    await table.waitFor();
    // A column for each of the four, with its letter and its way out.
    const compared = table.getByRole('button', { name: /from the comparison/ });
    await expect.poll(() => compared.count()).toBe(4);
    await table.getByRole('rowheader', { name: 'Median, ms' }).waitFor();
    expect(await inBothThemes()).toEqual([]);
    await launched.page.keyboard.press('Escape');
  });

  it('with the page of a candidate', async () => {
    await launched.page.keyboard.press('Enter');
    const { page } = launched;
    await page.getByRole('application', { name: /^Architecture of/ }).waitFor();
    await page.getByRole('button', { name: 'Unfold all' }).click();
    await page.getByRole('button', { name: /^conv 3×3 .* · body\.0\.op01\.conv/ }).waitFor();
    expect(await inBothThemes()).toEqual([]);
  });
});
