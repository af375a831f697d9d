import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PhoneActivity } from '../../main/common/phone-activity.ts';
import type { RunProgress } from '../../preload/runs.ts';
import { inMain } from './in-main.ts';
import type { LaunchedApp } from './launch.ts';
import { faults } from './pages/fits.ts';
import { createHome, type Home } from './pages/open.ts';
import { RunPage } from './pages/run.ts';
import { ScorePage } from './pages/score.ts';
import { SearchesPage } from './pages/searches.ts';
import { resize } from './resize.ts';
import { writeStoredRun } from './stored-run.ts';

const root = path.join(import.meta.dirname, '..', '..');

const sizes = [
  [900, 600],
  [1000, 700],
  [1090, 700],
  [1280, 800],
] as const;
const zooms = [1, 1.5, 2];

/** Every page at every size that a person may have to make do with: nothing is cut, nothing lies on another. */
describe('a window without room', () => {
  let home: Home;
  let launched: LaunchedApp;
  beforeAll(async () => {
    home = await createHome();
    for (const name of ['first', 'a-second-search-with-a-rather-long-name']) {
      writeStoredRun(path.join(home.runsFolder, `${name}.zico`), name === 'first' ? 60 : 90);
    }
    writeStoredRun(path.join(home.runsFolder, 'streets.zico'), 3, 0, { space: 'ffnet-48' });
    launched = await home.open();
  });
  afterAll(async () => {
    await launched?.close();
    await home?.[Symbol.asyncDispose]();
  });

  const atEverySize = async (): Promise<string[]> => {
    const { app, page } = launched;
    await page.emulateMedia({ reducedMotion: 'reduce' });
    const found: string[] = [];
    for (const [width, height] of sizes) {
      for (const zoom of zooms) {
        await resize(launched, width, height, zoom);
        await page.waitForTimeout(150);
        const folder = process.env['ZICO_PICTURES'];
        if (folder) {
          const name = expect.getState().currentTestName?.replace(/\W+/g, '-') ?? 'page';
          const png = await app.evaluate(async ({ BrowserWindow }) => {
            const image = await BrowserWindow.getAllWindows()[0]?.webContents.capturePage();
            return image?.toPNG().toString('base64') ?? '';
          });
          const file = path.join(folder, `${name}-${width}-${zoom * 100}.png`);
          await writeFile(file, Buffer.from(png, 'base64'));
        }
        found.push(
          ...(await faults(page)).map((line) => `${width} x ${height}, ${zoom * 100} %: ${line}`),
        );
      }
    }
    await resize(launched, 1280, 800);
    return found;
  };
  const link = (name: string) =>
    launched.page.getByRole('navigation').getByRole('link', { name }).click();
  const settle = () => launched.page.waitForTimeout(300);

  it.each([
    'Searches',
    'New search',
    'Spaces',
    'Score a model',
    'Model graph',
    'Benchmarks',
    'Settings',
    'Guide',
    'Phones',
    'Computers',
  ])('shows all of the page %s', async (name) => {
    await link(name);
    await launched.page.getByRole('heading', { level: 1, name }).waitFor();
    await settle();
    expect(await atEverySize()).toEqual([]);
  });

  it('shows what is wrong with a name that is typed', async () => {
    const { page } = launched;
    await link('Searches');
    await page.getByRole('button', { name: 'More for first' }).click();
    await page.getByRole('menuitem', { name: 'Rename…' }).click();
    await page.getByRole('textbox', { name: /first/ }).fill('x'.repeat(100));
    const fault = page.getByText(/^A file name of at most/);
    await fault.waitFor();
    expect(await atEverySize()).toEqual([]);
    expect(await fault.evaluate((hint) => hint.scrollWidth - hint.clientWidth)).toBe(0);
    await page.keyboard.press('Escape');
  });

  it('shows every setting of the form', async () => {
    await link('New search');
    await launched.page.getByRole('button', { name: 'More settings' }).click();
    await settle();
    expect(await atEverySize()).toEqual([]);
  });

  it('shows scored models', async () => {
    const score = await new ScorePage(launched.page).open();
    const build = (name: string, genotype: string): string => {
      const file = path.join(home.folder, name);
      const cli = path.join(root, 'dist/main/cli.js');
      execFileSync(process.execPath, [cli, 'build', 'nats-sss', genotype, '--out', file]);
      return file;
    };
    const broken = path.join(home.folder, 'broken.onnx');
    await writeFile(broken, 'no model at all');
    const long = 'a-network-with-a-name-that-takes-some-room.onnx';
    const files = [build(long, '8:8:8:8:8'), build('narrow.onnx', '8:8:8:8:16'), broken];
    await launched.app.evaluate(({ dialog }, filePaths) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths });
    }, files);
    await score.choose();
    await score.scored(2, 3);
    expect(await atEverySize()).toEqual([]);
  });

  it('shows a model as a graph', async () => {
    const { page } = launched;
    await page.getByRole('button', { name: 'Show narrow.onnx as a graph' }).click();
    await page.getByRole('application', { name: 'Graph of narrow.onnx' }).waitFor();
    await page
      .getByRole('option', { name: /^Conv / })
      .first()
      .click();
    await page
      .getByRole('img', { name: /^Histogram of/ })
      .first()
      .waitFor();
    expect(await atEverySize()).toEqual([]);
  });

  it('shows the editor of a space', async () => {
    await link('Spaces');
    await launched.page.getByRole('button', { name: 'New space' }).click();
    await launched.page.getByRole('form').waitFor();
    await settle();
    expect(await atEverySize()).toEqual([]);
  });

  it('shows the fronts of two searches', async () => {
    const { page } = launched;
    await link('Searches');
    await page.getByRole('button', { name: 'More for first' }).click();
    await page.getByRole('menuitem', { name: 'Compare its front…' }).click();
    await page.getByRole('table', { name: 'Hypervolume' }).waitFor();
    expect(await atEverySize()).toEqual([]);
    await page.getByRole('button', { name: 'Differences', exact: true }).click();
    expect(await atEverySize()).toEqual([]);
  });

  it('shows a search as table, parallel coordinates and bands', async () => {
    const { page } = launched;
    await link('Searches');
    const run = await (await new SearchesPage(page).open()).openRun('first');
    await run.rows().nth(1).waitFor();
    await run.select((await run.names())[1] ?? '');
    expect(await atEverySize()).toEqual([]);
    for (const view of ['Parallel coordinates', 'Bands', 'Over time', 'Table']) {
      await page.getByRole('button', { name: view, exact: true }).click();
      if (view !== 'Table') expect(await atEverySize()).toEqual([]);
    }
  });

  it('shows candidates compared', async () => {
    const { page } = launched;
    const run = new RunPage(page);
    for (const name of (await run.names()).slice(0, 4)) {
      await run.select(name);
      await page.keyboard.press('p');
    }
    await page.keyboard.press('c');
    await page.getByRole('rowheader', { name: 'Median, ms' }).waitFor();
    expect(await atEverySize()).toEqual([]);
    await page.keyboard.press('Escape');
  });

  it('shows the page of a candidate', async () => {
    const { page } = launched;
    const run = new RunPage(page);
    await run.rows().nth(5).waitFor(); // the comparison is left by then
    // One without a pin, whose letter would be part of its name.
    await run.select((await run.names())[5] ?? '');
    await page.keyboard.press('Enter');
    await page.getByRole('application', { name: /^Architecture of/ }).waitFor();
    await settle();
    expect(await atEverySize()).toEqual([]);
  });

  it('shows a network whose maps are no squares, with each size whole', async () => {
    const { page } = launched;
    await link('Searches');
    const run = await (await new SearchesPage(page).open()).openRun('streets');
    await run.rows().first().waitFor();
    await run.select((await run.names())[0] ?? '');
    await page.keyboard.press('Enter');
    await page.getByRole('application', { name: /^Architecture of/ }).waitFor();
    await page.getByRole('button', { name: 'Flat', exact: true }).click();
    const sizes = page.getByRole('cell', { name: /^\d+ × \d+ × \d+$/ });
    await sizes.first().waitFor();
    await resize(launched, 1280, 800);
    const genes = page.getByRole('table', { name: /^Genotype / }).locator('tbody td');
    expect(await genes.count()).toBeGreaterThan(0);
    const cut = await sizes
      .or(genes)
      .evaluateAll((cells) =>
        cells.filter((cell) => cell.scrollWidth > cell.clientWidth).map((cell) => cell.textContent),
      );
    expect(cut).toEqual([]);
    expect(await atEverySize()).toEqual([]);
  });

  it('shows a search that waits for its phone', async () => {
    const { app, page } = launched;
    await link('Searches');
    await (await new SearchesPage(page).open()).openRun('first');
    const run = (await page.evaluate(() => location.hash)).split('/').at(-1)!;
    await inMain(app, waitForPhone, run);
    await page.getByText('Waiting for the phone', { exact: true }).waitFor();
    await page.getByRole('region', { name: 'Phones of this search' }).waitFor();
    expect(await atEverySize()).toEqual([]);
  });
});

/** Runs in the main process, which then tells of the run as of one whose search waits for a phone that is hot. */
function waitForPhone(
  { ipcMain, BrowserWindow }: typeof Electron.CrossProcessExports,
  run: string,
): void {
  const phone: PhoneActivity = {
    ...{ serial: 'R58M12ABCDE', model: 'SM-G973F', state: 'waiting', hint: null },
    message: 'The battery is 41.0 °C, and measuring goes on below 37.0 °C.',
    ...{ waitedMs: 95_000, limitMs: 1_800_000, queued: 3, measured: 117, failed: 1 },
    ...{ lastMs: 23.41, recentMs: [22, 23.1, 24, 23.41], conditions: null },
  };
  const progress: Partial<RunProgress> = {
    ...{ state: 'searching', phase: 'measuring', computing: 0.42, failed: 3 },
    ...{ candidatesPerMinute: 12.3, secondsLeft: 4000 },
  };
  type Answer = (...asked: unknown[]) => Promise<{ ok: true; value: object }>;
  // Electron has no way to ask for a handler.
  const { _invokeHandlers: handlers } = ipcMain as unknown as {
    readonly _invokeHandlers: Map<string, Answer>;
  };
  const answer = handlers.get('runs.progress')!;
  handlers.set('runs.progress', async (...asked) => {
    const { value } = await answer(...asked);
    return { ok: true, value: { ...value, ...progress } };
  });
  handlers.set('search.phones', () => Promise.resolve({ ok: true, value: [phone] }));
  const page = BrowserWindow.getAllWindows()[0]?.webContents;
  page?.send('search.phonesChanged', { run });
  page?.send('run.changed', { run, revision: Number.MAX_SAFE_INTEGER });
}
