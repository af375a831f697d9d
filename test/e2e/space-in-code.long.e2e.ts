/** A run of a space in code in the real window, which has the run alone: the file of code is gone. */
import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { search } from '../../main/library/index.ts';
import { attentionCode, writeCode } from '../support/attention-space.ts';
import type { LaunchedApp } from './launch.ts';
import { answerDialogs } from './pages/dialogs.ts';
import { createHome, type Home } from './pages/open.ts';
import type { RunPage } from './pages/run.ts';
import { SearchesPage } from './pages/searches.ts';

describe('a run of a space in code', () => {
  let home: Home;
  let launched: LaunchedApp;
  let run: RunPage;
  beforeAll(async () => {
    home = await createHome();
    await mkdir(home.runsFolder, { recursive: true });
    const code = writeCode(home.folder, 'attention.mjs', attentionCode);
    const stop = new AbortController();
    const stopped = await search({
      ...{ space: code, candidates: 20, seed: 3, latency: 'macs', signal: stop.signal },
      run: path.join(home.runsFolder, 'Attention.zico'),
      onProgress: (progress) => {
        if (progress.kind === 'search' && progress.event.evaluated === 8) stop.abort();
      },
    });
    expect(stopped.status).toBe('stopped');
    await rm(code);
    launched = await home.open();
  }, 180_000);
  afterAll(async () => {
    await launched?.close();
    await home?.[Symbol.asyncDispose]();
  });

  it('is listed and shown, ranked by its scores', async () => {
    const searches = await new SearchesPage(launched.page).open();
    await searches.row('Attention').getByText('Stopped').waitFor();
    run = await searches.openRun('Attention');
    await run.show('All');
    await run.row('c-0001').waitFor();
    const inspector = await run.select('c-0003');
    expect(await inspector.text()).toMatch(/patch.?[48].*width.?(32|64|96)/s);
    expect(await inspector.text()).toContain('blocks.0.attention.query');
    // There is no model of networks that only the code could make.
    const { page } = launched;
    expect(await page.getByText('Estimates follow').count()).toBe(0);
    await page.getByRole('button', { name: 'Model', exact: true }).click();
    await page.getByText('Networks that were not tried come from attention.mjs').waitFor();
    await page.getByRole('button', { name: 'Table', exact: true }).click();
  });

  it('compares its candidates', async () => {
    const { page } = launched;
    for (const name of (await run.names()).slice(0, 2)) {
      await run.select(name);
      await page.keyboard.press('p');
    }
    await page.keyboard.press('c');
    const table = page.getByRole('table', { name: 'Compare' });
    await table.waitFor();
    const compared = table.getByRole('button', { name: /from the comparison/ });
    await expect.poll(() => compared.count()).toBe(2);
    await page.keyboard.press('Escape');
  });

  it('draws a candidate, scores it again to the bit, and exports it', async () => {
    const { page } = launched;
    await page.getByRole('complementary').getByRole('link', { name: 'Open' }).click();
    await page.getByRole('application', { name: /^Architecture of/ }).waitFor();
    await page.getByRole('button', { name: 'Score again' }).click();
    await page.getByText(/it matches the stored score to the bit/).waitFor({ timeout: 60_000 });
    const folder = path.join(home.folder, 'export');
    await mkdir(folder);
    await answerDialogs(launched.app, folder);
    await page.getByRole('button', { name: 'Export…' }).click();
    await page
      .getByText(/^c-\d+ exported$/)
      .first()
      .waitFor({ timeout: 60_000 });
    expect(await readdir(folder)).toContain('model.onnx');
  }, 150_000);

  it('says what going on takes', async () => {
    run = await (await new SearchesPage(launched.page).open()).openRun('Attention');
    await run.resume();
    const alert = launched.page.getByRole('alert').filter({ hasText: 'space-code-needed' });
    await alert.waitFor();
    const said = await alert.textContent();
    expect(said).toContain('new networks of it come from attention.mjs');
    expect(said).not.toContain('--');
    expect(await run.now()).toContain('Stopped');
    expect(await launched.problems()).toEqual([]);
  });
});
