import { readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inMain } from './in-main.ts';
import type { LaunchedApp } from './launch.ts';
import { violations } from './pages/axe.ts';
import { answerSaving } from './pages/dialogs.ts';
import { createHome, type Home } from './pages/open.ts';
import { RunPage } from './pages/run.ts';
import { SearchesPage } from './pages/searches.ts';
import { takeOut } from './pages/take-out.ts';
import { writeStoredRun } from './stored-run.ts';

describe('help where one is', () => {
  let home: Home;
  let launched: LaunchedApp;
  beforeAll(async () => {
    home = await createHome();
    writeStoredRun(path.join(home.runsFolder, 'stored.zico'), 60, 0, { doubts: true });
    launched = await home.open();
  });
  afterAll(async () => {
    await launched?.close();
    await home?.[Symbol.asyncDispose]();
  });

  const axeInBothThemes = async (): Promise<string[]> => {
    const found: string[] = [];
    for (const colorScheme of ['light', 'dark'] as const) {
      await launched.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await launched.page.waitForTimeout(250);
      found.push(...(await violations(launched.page)));
    }
    return found;
  };

  it('? and F1 open the list of shortcuts, Escape closes it, and typing a ? does not open it', async () => {
    const { page } = launched;
    await new SearchesPage(page).open();
    const dialog = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    for (const key of ['?', 'F1']) {
      await page.keyboard.press(key);
      await dialog.getByText('Find a page, a command or a search').waitFor();
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
    }
    await page.getByRole('searchbox', { name: 'Find a search' }).fill('');
    await page.keyboard.type('?');
    await page.waitForTimeout(200);
    expect(await dialog.count()).toBe(0);
    await page.getByRole('searchbox', { name: 'Find a search' }).fill('');
  });

  it('axe finds nothing wrong with the list, and Ctrl K logs nothing', async () => {
    const { page } = launched;
    await page.keyboard.press('F1');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    expect(await axeInBothThemes()).toEqual([]);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog', { name: 'Commands' }).waitFor();
    await page.keyboard.press('Escape');
    expect(await launched.problems()).toEqual([]);
  });

  it('a report shows all that it says, without the home folder, and is saved as it stands', async () => {
    const { app, page } = launched;
    await inMain(app, ({ Menu }) => {
      Menu.getApplicationMenu()?.getMenuItemById('report')?.click();
    });
    const dialog = page.getByRole('dialog', { name: 'Report a problem' });
    await dialog.waitFor();
    await dialog.getByLabel('What happened').fill('It rained.');
    const says = dialog.getByRole('region', { name: 'The report' });
    await says.getByText('It rained.').waitFor();
    const text = (await says.textContent()) ?? '';
    expect(text).toMatch(/ZiCo Workbench \d/);
    expect(text).toContain('started');
    expect(text).not.toContain(os.homedir() === '/' ? 'nothing' : `${os.homedir()}/`);
    expect(await axeInBothThemes()).toEqual([]);
    await dialog.getByLabel('With the last lines of the log').uncheck();
    await expect.poll(() => says.textContent()).not.toContain('started');
    const file = path.join(home.folder, 'report.txt');
    await answerSaving(app, file);
    await dialog.getByRole('button', { name: 'Save the report…' }).click();
    await dialog.getByText('Saved as report.txt').waitFor();
    expect(await readFile(file, 'utf8')).toBe(`${await says.textContent()}\n`);
    await page.keyboard.press('Escape');
  });

  it('settings say how much is kept where', async () => {
    const { page } = launched;
    await page.getByRole('navigation').getByRole('link', { name: 'Settings' }).click();
    const storage = page.getByRole('region', { name: 'Storage' });
    await storage.getByText('1 file', { exact: true }).first().waitFor();
    await storage.getByText(home.runsFolder).waitFor();
    expect(await storage.textContent()).toMatch(/free on the disk/);
  });

  it('a term opens its meaning where it stands, and the glossary from there', async () => {
    const { page } = launched;
    await (await new SearchesPage(page).open()).openRun('stored');
    await page.getByRole('button', { name: 'Pareto front', exact: true }).click();
    const entry = page.getByRole('dialog', { name: 'Pareto front' });
    await entry.getByText('The candidates that nobody dominates').waitFor();
    expect(await axeInBothThemes()).toEqual([]);
    await entry.getByRole('link', { name: 'All terms' }).click();
    await page.getByRole('heading', { name: 'Glossary', level: 1 }).waitFor();
    await page.getByRole('heading', { name: 'Pareto front' }).waitFor();
  });

  it('the front is measured again beside what was stored, and the figures go out as a table', async () => {
    const { page } = launched;
    await (await new SearchesPage(page).open()).openRun('stored');
    const run = new RunPage(page);
    await run.show('Front');
    const names = await run.names();
    await page.getByRole('button', { name: 'Measure the front again' }).click();
    const again = page.getByRole('region', { name: 'The front, measured again' });
    await again.getByText(/Nothing of this is stored/).waitFor({ timeout: 240_000 });
    // The stored latencies are of a computer that does not exist.
    expect(await again.textContent()).toContain('under other conditions');
    await expect.poll(() => again.getByRole('row').count()).toBe(names.length + 1);
    const file = path.join(home.folder, 'again.csv');
    await answerSaving(launched.app, file);
    await takeOut(page, 'The front, measured again', 'Table', 'CSV…');
    await expect
      .poll(() => readFile(file, 'utf8').catch(() => ''))
      .toMatch(/^Candidate,"Search, ms"/);
    expect(await axeInBothThemes()).toEqual([]);
    await again.getByRole('button', { name: 'Dismiss' }).click();
    await again.waitFor({ state: 'detached' });
    expect(await launched.problems()).toEqual([]);
  }, 300_000); // ten latencies, each until it is steady, on a computer that may be busy
});
