import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import Database from 'libsql';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { watchMainBlocks } from './blocks.ts';
import type { LaunchedApp } from './launch.ts';
import { answerDialogs } from './pages/dialogs.ts';
import { createHome, type Home } from './pages/open.ts';
import { RunPage } from './pages/run.ts';
import { SearchesPage } from './pages/searches.ts';
import { writeStoredRun } from './stored-run.ts';

describe('run files', () => {
  let home: Home;
  let launched: LaunchedApp;
  /** A finished run, outside the app's own folder. */
  let earlier: string;
  let bytes: Buffer;
  beforeAll(async () => {
    home = await createHome();
    earlier = path.join(home.folder, 'sent.zico');
    writeStoredRun(earlier, 60);
    bytes = await readFile(earlier);
    launched = await home.open();
  });
  afterAll(async () => {
    await launched?.close();
    await home?.[Symbol.asyncDispose]();
  });

  const openFile = async (file: string | null): Promise<Page> => {
    await answerDialogs(launched.app, file);
    await (await new SearchesPage(launched.page).open()).openFile();
    return launched.page;
  };

  it('open from anywhere', async () => {
    const page = await openFile(earlier);
    await page.getByRole('heading', { name: 'sent', level: 1 }).waitFor();
    const run = await new RunPage(page).shown();
    expect(await run.now()).toMatch(/60.*of.*60.*candidates/s);
    await run.waitUntil('Finished');
    const [name] = await run.names();
    const inspector = await run.select(name ?? '');
    expect(await inspector.text()).toContain('a computer that does not exist');
  });

  it('rank anew when β moves: the front changes, and comes back', async () => {
    const run = new RunPage(launched.page);
    await run.show('Front');
    const front = async (): Promise<string[]> => (await run.names()).sort();
    await run.moveBeta('Home');
    await expect.poll(() => run.beta.inputValue()).toBe('0');
    const plain = await front();
    await run.beta.fill('2');
    await expect.poll(front).not.toEqual(plain);
    await run.moveBeta('Home');
    await expect.poll(front).toEqual(plain);
  });

  it('are not written to by being looked at', async () => {
    expect(await readFile(earlier)).toEqual(bytes);
  });

  it('that are no runs say so, and what to do', async () => {
    const file = path.join(home.folder, 'holiday.zico');
    await writeFile(file, 'not a database at all');
    const page = await openFile(file);
    const alert = page.getByRole('alert').filter({ hasText: 'not-a-run-file' });
    await alert.waitFor();
    expect(await alert.textContent()).toMatch(/holiday\.zico/);
    await alert.getByRole('button', { name: 'Dismiss' }).click();
  });

  it('from a newer version say so, and what to do', async () => {
    const page = await openFile(await newerCopy(earlier));
    const alert = page.getByRole('alert').filter({ hasText: 'run-newer-version' });
    await alert.waitFor();
    expect(await alert.textContent()).toMatch(/[Uu]pdate/);
    await alert.getByRole('button', { name: 'Dismiss' }).click();
  });

  it('that are damaged or hostile stand in the list with what is wrong, and hold nothing up', async () => {
    const bad = {
      'not text': `UPDATE run SET data_description = CAST(x'c328' AS TEXT)`,
      endless: `ALTER TABLE run RENAME TO kept;
        CREATE VIEW run AS WITH RECURSIVE more(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM more)
        SELECT kept.* FROM kept, more`,
    };
    await mkdir(home.runsFolder, { recursive: true });
    for (const [name, sql] of Object.entries(bad)) {
      const file = path.join(home.runsFolder, `${name}.zico`);
      await copyFile(earlier, file);
      const database = new Database(file);
      database.exec(sql);
      database.close();
    }
    await copyFile(earlier, path.join(home.runsFolder, 'sound.zico'));
    const blocks = await watchMainBlocks(launched.app);
    await launched.page.reload();
    const searches = await new SearchesPage(launched.page).open();
    for (const name of Object.keys(bad)) {
      await searches.row(name).getByText('Cannot be read').waitFor();
    }
    await searches.row('sound').getByText('Finished').waitFor();
    expect(await blocks()).toBeLessThan(500); // as during a search: a test machine promises no more
    const run = await searches.openRun('sound');
    expect(await run.now()).toMatch(/60.*of.*60.*candidates/s);
  });

  it('do nothing when the person changes their mind', async () => {
    const page = await openFile(null);
    expect(await page.getByRole('alert').count()).toBe(0);
  });
});

/** The same run as a later version of the product would number it. */
async function newerCopy(file: string): Promise<string> {
  const copy = path.join(path.dirname(file), 'newer.zico');
  await copyFile(file, copy);
  const database = new Database(copy);
  database.pragma('user_version = 9999');
  database.close();
  return copy;
}
