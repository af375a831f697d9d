import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { decode } from 'fast-png';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRunReadOnly } from '../../main/store/run-file.ts';
import { candidatesAsText } from '../../main/workbench/candidate-text.ts';
import { inMain } from './in-main.ts';
import type { LaunchedApp } from './launch.ts';
import { violations } from './pages/axe.ts';
import { answerDialogs, answerSaving } from './pages/dialogs.ts';
import { createHome, type Home } from './pages/open.ts';
import { RunPage } from './pages/run.ts';
import { SearchesPage } from './pages/searches.ts';
import { takeOut } from './pages/take-out.ts';
import { writeStoredRun } from './stored-run.ts';

const papers = 'Chart, two columns (174 mm)';

describe('what the window shows, taken out of it', () => {
  let home: Home;
  let launched: LaunchedApp;
  let run: RunPage;
  let file: string;
  beforeAll(async () => {
    home = await createHome();
    file = path.join(home.runsFolder, 'stored.zico');
    writeStoredRun(file, 60, 0, { doubts: true });
    launched = await home.open();
    // Whatever the window looks like, files are light.
    await launched.page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
    await (await new SearchesPage(launched.page).open()).openRun('stored');
    run = await new RunPage(launched.page).shown();
  });
  afterAll(async () => {
    await launched?.close();
    await home?.[Symbol.asyncDispose]();
  });

  /** Saves and waits for the file. */
  async function saved(
    name: string,
    group: string | RegExp,
    item: string,
    ending: string,
  ): Promise<Buffer> {
    const to = path.join(home.folder, `${name.replace(/\W+/g, '-')}-${Date.now()}.${ending}`);
    await answerSaving(launched.app, to);
    await takeOut(launched.page, name, group, item);
    await launched.page
      .getByText(`Saved as ${path.basename(to)}`)
      .first()
      .waitFor();
    return readFile(to);
  }

  const savedSvg = async (name: string, group: string): Promise<string> =>
    (await saved(name, group, 'SVG…', 'svg')).toString('utf8');

  /** Every colour of a drawing as red, green and blue. */
  const colours = (svg: string): number[][] =>
    [...svg.matchAll(/(?:fill|stroke)="#([0-9a-f]{6})"/g)].map(([, hex]) =>
      [0, 2, 4].map((at) => parseInt(hex!.slice(at, at + 2), 16)),
    );

  it('is a scatter of vectors in light colours at the width of a page', async () => {
    const svg = await savedSvg('Pareto front', papers);
    expect(svg).toContain('width="174mm"');
    expect(svg).toMatch(/<text[^>]*>Score, ZiCo-BC/);
    expect(svg).toMatch(/<text[^>]*>Generation 0<\/text>/);
    // One circle a candidate of the 60, on the front or below it.
    expect(svg.match(/A3 3 0 1 0|A4\.5 4\.5 0 1 0/g)!.length).toBe(2 * 60);
    expect(svg).not.toMatch(/NaN|undefined|var\(|oklab|light-dark|<image/);
    const background = colours(svg)[0]!;
    expect(background).toEqual([255, 255, 255]);
    // The front's line is as good as white in the dark theme.
    expect(svg).toContain('stroke="#15181c"');
  });

  it('is a picture of 300 pixels to the inch, with the very same marks', async () => {
    const png = decode(await saved('Pareto front', 'Chart, one column (85 mm)', 'PNG…', 'png'));
    expect(png.width).toBe(Math.round((85 / 25.4) * 300));
    expect([...png.data.subarray(0, 3)]).toEqual([255, 255, 255]);
    const dark = [];
    for (let at = 0; at < png.data.length; at += png.channels) {
      if (png.data[at]! < 60 && png.data[at + 1]! < 60) dark.push(at);
    }
    expect(dark.length).toBeGreaterThan(1000);
  });

  it('is the bias panel with its text, and parallel coordinates with their axes', async () => {
    const bias = await savedSvg('Bias', 'Chart');
    expect(bias).toMatch(/<text[^>]*>width<\/text>/i);
    expect(bias).not.toMatch(/NaN|undefined|var\(|oklab/);
    expect(colours(bias)[0]).toEqual([255, 255, 255]);
    await run.show('All');
    await launched.page.getByRole('button', { name: 'Parallel coordinates', exact: true }).click();
    const parallel = await savedSvg('Parallel coordinates', papers);
    expect(parallel).toMatch(/<text[^>]*>Score/);
    expect(parallel.match(/<path /g)!.length).toBeGreaterThanOrEqual(60);
    await launched.page.getByRole('button', { name: 'Table', exact: true }).click();
  });

  it('is all candidates as the command writes them, and the listed ones', async () => {
    const reader = openRunReadOnly(file);
    const { name } = path.parse(file);
    const all = await candidatesAsText(reader, { format: 'csv', ids: null, name });
    const json = await candidatesAsText(reader, { format: 'json', ids: null, name });
    reader.close();
    const written = await saved('Candidates', 'All candidates', 'CSV…', 'csv');
    expect(written.toString('utf8')).toBe(all);
    const asJson = await saved('Candidates', 'All candidates', 'JSON…', 'json');
    expect(asJson.toString('utf8')).toBe(json);
    await run.show('Front');
    const names = await run.names();
    const listed = await saved('Candidates', /listed/, 'CSV…', 'csv');
    const ids = listed
      .toString('utf8')
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => parseInt(line));
    expect(ids).toEqual(names.map((name) => Number(name.replace('c-', ''))));
  });

  it('goes to the clipboard with tabs, and says so where that refuses', async () => {
    const { app, page } = launched;
    await takeOut(page, 'Candidates', /listed/, 'Copy to the clipboard');
    await page.getByText('Copied', { exact: true }).first().waitFor();
    const copied = await inMain(app, ({ clipboard }) => clipboard.readText());
    expect(copied.split('\n')[0]).toMatch(/^id\tgenotype\tstatus/);
    expect(copied.trimEnd().split('\n')).toHaveLength(1 + (await run.names()).length);
    await page.evaluate(() => {
      Object.defineProperty(navigator.clipboard, 'writeText', {
        value: () => Promise.reject(new Error('no')),
      });
      document.execCommand = () => false;
    });
    await takeOut(page, 'Candidates', /listed/, 'Copy to the clipboard');
    const alert = page.getByRole('alert').filter({ hasText: 'clipboard-refused' });
    await alert.waitFor();
    expect(await alert.textContent()).toContain('did not take the table');
    await alert.getByRole('button', { name: 'Dismiss' }).click();
  });

  it('is told in a sentence where nothing can be written, and nothing is lost', async () => {
    const { app, page } = launched;
    await answerSaving(app, path.join(home.folder, 'no-such-folder', 'front.svg'));
    await takeOut(page, 'Pareto front', papers, 'SVG…');
    const alert = page.getByRole('alert').filter({ hasText: 'folder-not-writable' });
    await alert.waitFor();
    expect(await alert.textContent()).toContain('there is no such folder');
    await alert.getByRole('button', { name: 'Dismiss' }).click();
    await answerSaving(app, '/dev/full/front.svg');
    await takeOut(page, 'Pareto front', papers, 'SVG…');
    await alert.waitFor();
    // Another try goes well and takes the message away.
    expect(await savedSvg('Pareto front', papers)).toContain('</svg>');
    await expect.poll(() => alert.count()).toBe(0);
  });

  it('is several networks at once, each in a folder of its own', async () => {
    const { app, page } = launched;
    await run.show('Front');
    const names = await run.names();
    await answerDialogs(app, home.folder);
    await takeOut(page, 'Candidates', /listed/, /^Export \d+ networks…/);
    const status = page.getByRole('status', { name: 'Export of several networks' });
    await status.getByText(/networks exported/).waitFor({ timeout: 60_000 });
    const folders = (await readdir(home.folder)).filter((name) => name.startsWith('stored c-'));
    expect(folders.sort()).toEqual(names.map((name) => `stored ${name}`).sort());
    for (const folder of folders) {
      const files = await readdir(path.join(home.folder, folder));
      expect(files).toContain('model.onnx');
      const text = await readFile(path.join(home.folder, folder, 'architecture.json'), 'utf8');
      expect(JSON.parse(text)).toHaveProperty('latencyIndistinctFrom');
    }
    await status.getByRole('button', { name: 'Dismiss' }).click();
  });

  it('is reached by keyboard alone, and axe finds nothing wrong with its menu', async () => {
    const { page } = launched;
    await page.getByRole('button', { name: 'Save or copy: Pareto front' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem').first().waitFor();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.waitForTimeout(250);
      expect(await violations(page)).toEqual([]);
    }
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Escape');
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
    await expect.poll(focused).toBe('Save or copy: Pareto front');
    expect(await launched.problems()).toEqual([]);
  });
});
