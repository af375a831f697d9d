import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { watchBlocks } from './blocks.ts';
import type { LaunchedApp } from './launch.ts';
import { createHome, type Home } from './pages/open.ts';
import { SpacesPage } from './pages/spaces.ts';

/** One story: a space is made, written and given away, in the real window. */
describe('spaces of one’s own', () => {
  let home: Home;
  let launched: LaunchedApp;
  let spaces: SpacesPage;
  const folder = () => path.join(home.folder, 'settings', 'spaces');
  const stored = async (name: string) =>
    JSON.parse(await readFile(path.join(folder(), `${name}.json`), 'utf8')) as {
      name: string;
      classes: number;
    };

  beforeAll(async () => {
    home = await createHome();
    launched = await home.open();
    spaces = await new SpacesPage(launched.page).open();
  });
  afterAll(async () => {
    await launched?.close();
    await home?.[Symbol.asyncDispose]();
  });

  it('begin as a copy of a built-in one', async () => {
    await spaces.select('efficientnet');
    await spaces.press('Duplicate');
    await spaces.select('my-efficientnet');
    expect((await stored('my-efficientnet')).name).toBe('my-efficientnet');
  });

  it('are counted, drawn and measured while the window answers', async () => {
    const blocks = await watchBlocks(launched.app, launched.page);
    await spaces.press('Edit');
    await spaces.says('543,581,798,400');
    const first = await spaces.drawn();
    await spaces.press('Another sample');
    await expect.poll(() => spaces.drawn()).not.toBe(first);
    await spaces.says('1,000 sampled');
    const { mainMs, pageMs } = await blocks();
    console.log(`longest block: main ${mainMs.toFixed(0)} ms, page ${pageMs.toFixed(0)} ms`);
    // A thousand networks take seconds; whoever built them here would be deaf for that long.
    expect(mainMs).toBeLessThan(1000);
    expect(pageMs).toBeLessThan(2500);
  });

  it('show an error at its field, and it goes with the cause', async () => {
    await spaces.field('Stage 3, Convolution').fill('regular, g50');
    await expect.poll(() => spaces.faultOf(3).textContent()).toContain('Use channels that are');
    await launched.page.keyboard.press('Control+z');
    await spaces.faultOf(3).waitFor({ state: 'detached' });
    await spaces.says('543,581,798,400');
  });

  it('are exported, imported and deleted', async () => {
    const file = path.join(home.folder, 'given-away.json');
    await launched.app.evaluate(({ dialog, shell }, filePath) => {
      dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [filePath] });
      // There is no desktop here whose trash it could be.
      const trashed: string[] = [];
      Object.assign(globalThis, { trashed });
      shell.trashItem = async (one) => void trashed.push(one);
    }, file);
    await spaces.open();
    await spaces.select('my-efficientnet');
    await spaces.press('Export…');
    await spaces.says(`Exported to ${file}`);
    await spaces.press('Import…');
    await spaces.select('given-away');
    expect((await stored('given-away')).classes).toBe(1000);
    expect(await readdir(folder())).toEqual(['given-away.json', 'my-efficientnet.json']);
    await spaces.press('Move to trash');
    const trashed = () =>
      launched.app.evaluate(() => (globalThis as unknown as { trashed: string[] }).trashed);
    await expect.poll(trashed).toEqual([path.join(folder(), 'given-away.json')]);
  });

  it('went without a single error in the page', async () => {
    expect(await launched.problems()).toEqual([]);
  });
});
