/** What somebody with many searches uses: eight fronts in one picture, arranged columns, filters, names that travel. */
import { chmod, mkdir, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRunReadOnly } from '../../main/store/run-file.ts';
import { inMain } from './in-main.ts';
import type { LaunchedApp } from './launch.ts';
import { violations } from './pages/axe.ts';
import { faults } from './pages/fits.ts';
import { createHome, type Home } from './pages/open.ts';
import { RunPage } from './pages/run.ts';
import { SearchesPage } from './pages/searches.ts';
import { resize } from './resize.ts';
import { writeStoredRun } from './stored-run.ts';

const names = Array.from({ length: 8 }, (_, k) => `run ${k + 1}`);

describe('eight searches', () => {
  let home: Home;
  let launched: LaunchedApp;
  beforeAll(async () => {
    home = await createHome();
    await mkdir(home.runsFolder, { recursive: true });
    // Each shares networks with its neighbours.
    for (const [k, name] of names.entries()) {
      writeStoredRun(path.join(home.runsFolder, `${name}.zico`), 60 + 10 * k, 30 * k);
    }
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
  /** To be looked at, where a folder for pictures is named. */
  const picture = async (name: string): Promise<void> => {
    const folder = process.env['ZICO_PICTURES'];
    if (!folder) return;
    for (const colorScheme of ['light', 'dark'] as const) {
      await launched.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await launched.page.waitForTimeout(300);
      await launched.page.screenshot({ path: path.join(folder, `${name}-${colorScheme}.png`) });
    }
  };
  it('stand in one picture, in both themes and in a small window', async () => {
    const { page } = launched;
    await page.getByRole('button', { name: 'More for run 1' }).click();
    await page.getByRole('menuitem', { name: 'Compare its front…' }).click();
    const sums = page.getByRole('table', { name: 'Hypervolume' });
    await sums.waitFor();
    const add = page.getByRole('combobox', { name: 'Add a search to the comparison' });
    for (const name of names.slice(1)) {
      const there = sums.getByRole('rowheader', { name: new RegExp(`${name}$`) });
      if ((await there.count()) === 0) await add.selectOption({ label: name });
      await there.waitFor();
    }
    expect(await sums.getByRole('rowheader').count()).toBe(9);
    // More than eight could not be told apart.
    expect(await add.count()).toBe(0);
    for (const [width, height] of [
      [1280, 800],
      [900, 600],
    ] as const) {
      await resize(launched, width, height);
      for (const view of ['Differences', 'In common', 'Members']) {
        await page.getByRole('button', { name: view, exact: true }).click();
        await picture(`fronts-${view}-${width}`);
        expect(await inBothThemes()).toEqual([]);
        expect(await faults(page)).toEqual([]);
      }
    }
    await resize(launched, 1280, 800);
    await page.getByRole('application').focus();
    await page.keyboard.press('ArrowRight');
    await page
      .getByRole('status')
      .filter({ hasText: /c-\d{4}/ })
      .waitFor();
    await page.keyboard.press('Enter');
    await page
      .getByRole('heading', { level: 1 })
      .filter({ hasText: /c-\d{4}/ })
      .waitFor();
  });

  it('have columns, filters and a course that one can read and reach', async () => {
    const { page } = launched;
    const run = await (await new SearchesPage(page).open()).openRun('run 8');
    await run.show('All');
    for (const [button, dialog] of [
      ['Columns', /^Which columns/],
      ['Filters', /^Type a range/],
    ] as const) {
      await page.getByRole('button', { name: button, exact: true }).click();
      await page.locator('.float').and(page.getByLabel(dialog)).waitFor();
      await picture(button);
      expect(await inBothThemes()).toEqual([]);
      await page.keyboard.press('Escape');
    }
    await page.getByRole('button', { name: 'Parallel coordinates', exact: true }).click();
    const axis = page.getByRole('button', { name: /^MACs.*: press to invert/ });
    await axis.focus();
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => axis.evaluate((node) => node === document.activeElement)).toBe(true);
    await page.keyboard.press('Enter');
    await expect.poll(() => axis.getAttribute('aria-pressed')).toBe('true');
    await picture('parallel');
    expect(await inBothThemes()).toEqual([]);
    for (const view of ['Over time', 'Model']) {
      await page.getByRole('button', { name: view, exact: true }).click();
      await page.waitForTimeout(1500);
      await picture(view.replace(' ', '-'));
      expect(await inBothThemes()).toEqual([]);
    }
    await page.getByRole('button', { name: 'Table', exact: true }).click();
  });

  it('are found by what candidates are called, and passed on with it or without', async () => {
    const { page, app } = launched;
    const run = new RunPage(page);
    const [first] = await run.names();
    await run.select(first!);
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('for the watch');
    await page.keyboard.press('Tab');
    await page.getByRole('cell', { name: 'for the watch' }).waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').last().fill('the watch');
    await page.getByRole('option', { name: new RegExp(`^${first}, for the watch`) }).waitFor();
    await picture('palette');
    expect(await inBothThemes()).toEqual([]);
    await page.keyboard.press('Escape');

    const copy = path.join(home.folder, 'copy.zico');
    const report = path.join(home.folder, 'report.html');
    const saveTo = (file: string) =>
      inMain(
        app,
        ({ dialog }, filePath) => {
          dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
        },
        file,
      );
    await new SearchesPage(page).open();
    for (const [item, file] of [
      ['Save a copy without notes…', copy],
      ['Save a report…', report],
    ] as const) {
      await saveTo(file);
      await page.getByRole('button', { name: 'More for run 8' }).click();
      await page.getByRole('menuitem', { name: item }).click();
      await expect.poll(() => readdir(home.folder)).toContain(path.basename(file));
    }
    const reader = openRunReadOnly(copy);
    expect(reader.marks()).toEqual([]);
    expect(reader.counts().evaluated).toBeGreaterThan(50);
    reader.close();
    expect(await readFile(report, 'utf8')).toContain('for the watch');
  });

  it('show notes of a file that is read-only, and take none', async () => {
    const { page } = launched;
    await chmod(path.join(home.runsFolder, 'run 8.zico'), 0o444);
    const run = await (await new SearchesPage(page).open()).openRun('run 8');
    await run.show('All');
    const named = page.getByRole('row').filter({ hasText: 'for the watch' });
    await named.click();
    expect(await page.getByRole('textbox', { name: 'Name', exact: true }).inputValue()).toBe(
      'for the watch',
    );
    await page.getByText(/^The run’s file is read-only/).waitFor();
    await picture('read-only');
    expect(await inBothThemes()).toEqual([]);
  });
});
