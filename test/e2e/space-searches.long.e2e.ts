/** Every task and a space of one's own, searched from the window; and what its bias panel says of one run. */
import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BiasAnalysis } from '../../main/analysis/bias.ts';
import type { LaunchedApp } from './launch.ts';
import { generational, NewSearchPage, type SearchForm } from './pages/new-search.ts';
import { createHome, type Home } from './pages/open.ts';
import type { RunPage } from './pages/run.ts';
import { SpacesPage } from './pages/spaces.ts';

/** As little as a search can be: every candidate of it is built, scored and stored all the same. */
const tiny: SearchForm = {
  ...generational,
  Population: '4',
  Generations: '1',
  Latency: 'Not measured: MACs instead',
};
const patience = 360_000;

/** How many candidates the finished run has, and how many of them have a score. */
async function candidates(page: Page): Promise<{ all: number; scored: number }> {
  return page.evaluate(async () => {
    const list = await window.workbench.call('runs.list');
    const run = (list.ok && list.value[0]?.run) || '';
    const asked = { run, after: 0, most: 1000 };
    const found = await window.workbench.call('runs.candidates', asked);
    if (!found.ok) return { all: 0, scored: 0 };
    const all = found.value.ids.length;
    return { all, scored: all - found.value.failures.length };
  });
}

describe('a search of another task', () => {
  it.each([
    ['Networks around FFNet, up to 86 blocks', '64', 'BCCD'],
    ['Topologies for segmentation: HRNet or FFNet under either head', '64', 'BCCD'],
    ['Backbones for EfficientDet-D0', '128', 'BCCD'],
  ])('%s, with the images that ship for it', { timeout: patience + 60_000 }, async (...row) => {
    const [space, size, images] = row;
    await using home = await createHome();
    await using launched = await home.open();
    const form = await new NewSearchPage(launched.page).open();
    await form.fill({ 'Search space': space });
    await launched.page.getByText(images, { exact: false }).first().waitFor();
    await form.fill({ ...tiny, 'Scoring size': size, 'Images in a batch': '2' });
    const run = await form.start();
    await run.waitUntil('Finished', patience);
    expect(await candidates(launched.page)).toEqual({ all: 4, scored: 4 });
    expect(await launched.problems()).toEqual([]);
  });
});

/** One story: a space is copied, written as JSON, survives a restart, is searched, and its bias is looked at. */
describe('a space of one’s own', () => {
  let home: Home;
  let launched: LaunchedApp;
  let spaces: SpacesPage;
  let run: RunPage;
  const classesStored = async (): Promise<unknown> => {
    const file = path.join(home.folder, 'settings', 'spaces', 'my-efficientnet.json');
    return (JSON.parse(await readFile(file, 'utf8')) as { classes: number }).classes;
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

  it('is edited as JSON as well, and a window that closes loses nothing', async () => {
    await spaces.select('efficientnet');
    await spaces.press('Duplicate');
    await spaces.select('my-efficientnet');
    await spaces.press('Edit');
    await spaces.press('JSON');
    await spaces.json.evaluate((area: HTMLTextAreaElement) => {
      const at = area.value.indexOf('1000');
      area.focus();
      area.setSelectionRange(at, at + 4);
    });
    await launched.page.keyboard.insertText('10');
    await spaces.press('Form');
    await expect.poll(() => spaces.field('Classes').inputValue()).toBe('10');
    expect(await classesStored()).toBe(1000);
    await launched.close();

    launched = await home.open();
    spaces = await new SpacesPage(launched.page).open();
    await spaces.select('my-efficientnet');
    await spaces.press('Edit');
    await spaces.says('Your unsaved changes from last time are back.');
    expect(await spaces.field('Classes').inputValue()).toBe('10');
    await launched.page.keyboard.press('Control+s');
    await spaces.says('Saved');
    expect(await classesStored()).toBe(10);
  });

  it('is searched from the editor', { timeout: patience + 60_000 }, async () => {
    await spaces.press('Search this space');
    const form = new NewSearchPage(launched.page);
    await form.fill({
      ...tiny,
      ...{ Population: '12', 'Scoring size': '32', 'Images in a batch': '4', Name: 'Mine' },
    });
    run = await form.start();
    await run.waitUntil('Finished', patience);
    expect(await candidates(launched.page)).toEqual({ all: 12, scored: 12 });
  });

  it('shows the bias that the command line finds, for every β', async () => {
    const cli = path.join(import.meta.dirname, '../../dist/main/cli.js');
    const node = path.join(import.meta.dirname, '../../node_modules/.bin/node');
    const file = path.join(home.runsFolder, 'Mine.zico');
    const panel = launched.page.getByRole('region', { name: 'Bias', exact: true });
    // As percentages of the panel.
    const share = (value: number | null): string => `${Math.round((value ?? NaN) * 100)} %`;
    const widths = new Set<string>();
    for (const [end, beta] of [
      ['Home', '0'],
      ['End', '4'],
    ] as const) {
      const args = [cli, 'analyse', file, '--beta', beta, '--json'];
      const { front } = JSON.parse(execFileSync(node, args, { encoding: 'utf8' })) as BiasAnalysis;
      await run.moveBeta(end);
      await expect
        .poll(async () => (await panel.textContent())?.replace(/\s+/g, ' '))
        .toContain(`to ${share(front.shape.width)}`);
      widths.add(`${front.shape.width}`);
      await run.show('Front');
      await expect.poll(() => run.rows().count()).toBe(front.shape.networks);
    }
    // Else the slider could be a drawing.
    expect(widths.size).toBe(2);
    expect(await launched.problems()).toEqual([]);
  });
});
