import { readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { violations } from './pages/axe.ts';
import { faults } from './pages/fits.ts';
import { NewSearchPage, smallSearch } from './pages/new-search.ts';
import { createHome, type Home } from './pages/open.ts';
import { QueuePage } from './pages/queue.ts';
import type { LaunchedApp } from './launch.ts';
import { resize } from './resize.ts';

const counted = { ...smallSearch, Latency: 'Not measured: MACs instead' };

async function addSweep({ page }: LaunchedApp, seeds: string): Promise<void> {
  const form = await new NewSearchPage(page).open();
  await form.fill({ ...counted, Name: 'Seeds' });
  await page.getByRole('button', { name: /Vary settings/ }).click();
  await page.getByLabel('Seeds', { exact: true }).fill(seeds);
  await page.getByRole('button', { name: /Add \d+ searches to queue/ }).click();
  await page.getByRole('heading', { level: 1, name: 'Sweep Seeds' }).waitFor({ timeout: 60_000 });
}

/** Both themes and both sizes: what axe finds, and what is cut. */
async function wrongWith(launched: LaunchedApp): Promise<string[]> {
  const { page } = launched;
  const found: string[] = [];
  for (const [width, height] of [
    [1280, 800],
    [900, 600],
  ] as const) {
    await resize(launched, width, height);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.waitForTimeout(300);
      const where = `${width} × ${height} ${colorScheme}`;
      found.push(...(await violations(page)).map((line) => `${where}: ${line}`));
      found.push(...(await faults(page)).map((line) => `${where}: ${line}`));
    }
  }
  return found;
}

describe('the queue in the window', () => {
  it('runs a sweep in order, is paused and reordered by the keyboard, and shows runs side by side', async () => {
    await using home = await createHome();
    await using launched = await home.open();
    const { page } = launched;
    await addSweep(launched, '1-3');
    const queue = await new QueuePage(page).open();
    await page.getByRole('button', { name: 'Pause' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('Paused: no search begins.').waitFor();
    await page.getByRole('button', { name: 'Move Seeds, seed 3 up' }).focus();
    await page.keyboard.press('Enter');
    const third = page.getByRole('row', { name: 'Seeds, seed 3' });
    await third.getByRole('cell', { name: '1', exact: true }).waitFor();
    expect(await wrongWith(launched)).toEqual([]);
    await queue.waitUntilEnded(1);
    expect(await readdir(home.runsFolder)).toHaveLength(1);
    await page.getByRole('button', { name: 'Go on' }).focus();
    await page.keyboard.press('Enter');
    await queue.waitUntilEnded(3);
    expect(await queue.searches()).toEqual([
      ...['Seeds, seed 1: finished', 'Seeds, seed 3: finished', 'Seeds, seed 2: finished'],
    ]);
    await page.getByRole('link', { name: 'Sweep Seeds: Side by side' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Sweep Seeds' }).waitFor();
    const groups = page.getByRole('table', { name: /Searches that differ in their seeds/ });
    // Accuracies of this space are known, so it says what the fronts give away.
    await groups
      .getByRole('cell', { name: /\d+\.\d\d \(\d+\.\d\d to \d+\.\d\d\)/ })
      .nth(1)
      .waitFor();
    expect(await wrongWith(launched)).toEqual([]);
    expect(await launched.problems()).toEqual([]);
  }, 300_000);

  it('takes a single search from the form, and begins it at once where nothing else computes', async () => {
    await using home = await createHome();
    await using launched = await home.open();
    const { page } = launched;
    const form = await new NewSearchPage(page).open();
    await form.fill({ ...counted, Name: 'Alone' });
    await page.getByRole('button', { name: 'Add to queue' }).click();
    await page.getByRole('heading', { level: 1, name: 'Queue' }).waitFor({ timeout: 60_000 });
    const queue = new QueuePage(page);
    await queue.waitUntilEnded(1);
    expect(await queue.searches()).toEqual(['Alone: finished']);
    expect(await launched.problems()).toEqual([]);
  }, 200_000);

  it('is offered at the next start, and goes on', async () => {
    await using home = await createHome();
    const before = await leaveTwo(home);
    expect(before.at(-1)).toMatch(/waiting$/);
    await using launched = await home.open();
    const { page } = launched;
    await page.getByText(/The queue has \d searches? left from the last time/).waitFor();
    expect(await wrongWith(launched)).toEqual([]);
    await page.getByRole('button', { name: 'Go on' }).click();
    await new QueuePage(page).waitUntilEnded(2);
    expect((await readdir(home.runsFolder)).sort()).toEqual([
      ...['Seeds, seed 1.zico', 'Seeds, seed 2.zico'],
    ]);
    expect(await launched.problems()).toEqual([]);
  }, 300_000);

  async function leaveTwo(home: Home): Promise<string[]> {
    await using launched = await home.open();
    await addSweep(launched, '1 2');
    return await new QueuePage(launched.page).searches();
  }
});
