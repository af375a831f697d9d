/** Other computers in the real window: a real Redis, and a worker as anybody would start it. */
import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { redisServer, TestRedis } from '../support/redis.ts';
import type { LaunchedApp } from './launch.ts';
import { violations } from './pages/axe.ts';
import { faults } from './pages/fits.ts';
import { generational, NewSearchPage } from './pages/new-search.ts';
import { createHome, type Home } from './pages/open.ts';
import { resize } from './resize.ts';

const cli = path.join(import.meta.dirname, '../../dist/main/cli.js');

/** One story: every step goes on where the one before ended. */
describe.skipIf(redisServer === null)('a farm', () => {
  let redis: TestRedis;
  let home: Home;
  let launched: LaunchedApp;
  let worker: ChildProcess | null = null;
  beforeAll(async () => {
    redis = await TestRedis.start('--requirepass', 'right-secret');
    home = await createHome();
    launched = await home.open({ env: { ZICO_FARM_PASSWORD: 'right-secret' } });
  }, 60_000);
  afterAll(async () => {
    worker?.kill();
    await launched?.close();
    await home?.[Symbol.asyncDispose]();
    await redis?.stop();
  });

  /** What axe finds in both themes, and what a small window cuts. */
  const wrongWith = async (): Promise<string[]> => {
    const { page } = launched;
    const found: string[] = [];
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.waitForTimeout(250);
      found.push(...(await violations(page)).map((line) => `${colorScheme}: ${line}`));
    }
    await resize(launched, 900, 600);
    await page.waitForTimeout(400);
    found.push(...(await faults(page)).map((line) => `900 x 600: ${line}`));
    await resize(launched, 1280, 800);
    await page.waitForTimeout(200);
    return found;
  };
  const picture = async (name: string): Promise<void> => {
    const folder = process.env['ZICO_PICTURES'];
    if (!folder) return;
    for (const [width, height] of [
      [900, 600],
      [1280, 800],
      [1920, 1080],
    ] as const) {
      await resize(launched, width, height);
      for (const colorScheme of ['light', 'dark'] as const) {
        await launched.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await launched.page.waitForTimeout(400);
        await launched.page.screenshot({
          path: path.join(folder, `${name}-${width}-${colorScheme}.png`),
        });
      }
    }
    await resize(launched, 1280, 800);
  };

  it('is explained, and named with the keyboard alone', async () => {
    const { page } = launched;
    const link = page.getByRole('navigation').getByRole('link', { name: 'Computers' });
    await link.focus();
    await page.keyboard.press('Enter');
    const address = page.getByLabel('Address');
    await address.waitFor();
    expect(await wrongWith()).toEqual([]);
    await picture('computers-none');
    await address.focus();
    await page.keyboard.type('redis://farm.example.org');
    await page.keyboard.press('Enter');
    await page
      .getByRole('alert')
      .getByText(/Without TLS, anybody/)
      .waitFor();
    await picture('computers-refused');
    await address.fill(redis.url);
    await page.keyboard.press('Enter');
    await page.getByText(/Connected to Redis/).waitFor();
    await page.getByText(`zico worker --farm ${redis.url}`).waitFor();
  });

  it('shows a worker as soon as it comes, and drains it', async () => {
    const { page } = launched;
    const words = ['worker', '--farm', redis.url, '--threads', '1', '--phones', 'none'];
    worker = spawn(process.execPath, [cli, ...words], {
      env: { ...process.env, ZICO_FARM_PASSWORD: 'right-secret' },
      stdio: 'ignore',
    });
    const table = page.getByRole('table', { name: 'Workers' });
    await table.getByText('Waiting for work').waitFor({ timeout: 30_000 });
    await table.getByRole('button', { name: /^Drain/ }).click();
    await table.getByText('Taking nothing more').waitFor();
    await table.getByRole('button', { name: /^Resume/ }).click();
    await table.getByText('Waiting for work').waitFor();
    await table.getByRole('button', { name: /^Details of/ }).focus();
    await page.keyboard.press('Enter');
    await table.getByText(/1 thread, .* GB/).waitFor();
    expect(await wrongWith()).toEqual([]);
    await picture('computers');
    expect(await page.getByRole('contentinfo').textContent()).toContain('1 worker');
  }, 60_000);

  it('scores a search that was begun in the form, which says what fits', async () => {
    const { page } = launched;
    const form = await new NewSearchPage(page).open();
    await form.fill({
      ...{ 'Networks are chosen': 'Guided by a model', Latency: 'Not measured: MACs instead' },
      ...{ 'Images in a batch': '16', 'Scored by': 'This computer and a farm' },
    });
    await page.getByText(/candidates can be scored at once/).waitFor();
    await page.getByRole('button', { name: 'More settings' }).click();
    await form.fill({ 'In flight': '1' });
    const said = page.getByText(/1 candidate is in flight and the farm has/).first();
    await said.waitFor();
    await said.scrollIntoViewIfNeeded();
    expect(await wrongWith()).toEqual([]);
    await picture('form-farm');
    await page.getByRole('button', { name: /^Use \d+ in flight/ }).click();
    await said.waitFor({ state: 'hidden' });
    await form.fill({ ...generational, Population: '6', Generations: '2' });
    await form.fill({ 'Scored by': 'A farm alone' });
    await page.getByText(/1 candidate can be scored at once\./).waitFor();
    const run = await form.start();
    await page.getByRole('navigation').getByRole('link', { name: 'Computers' }).click();
    await page.getByRole('table', { name: 'Searches with jobs' }).getByText('nats-sss').waitFor();
    await page.getByText(/1 worker scores for it/).waitFor();
    await picture('computers-at-work');
    await page
      .getByRole('table', { name: 'Workers' })
      .getByRole('row')
      .filter({ has: page.getByRole('cell', { name: '12', exact: true }) })
      .waitFor({ timeout: 300_000 });
    void run;
    await page.getByRole('navigation').getByRole('link', { name: 'Searches' }).click();
    await page
      .getByRole('table')
      .getByText(/Finished/i)
      .first()
      .waitFor({ timeout: 30_000 });
  }, 400_000);

  it('never shows the password, in the page or in what is written', async () => {
    const { page } = launched;
    expect(await page.content()).not.toContain('right-secret');
    expect(launched.output()).not.toContain('right-secret');
    expect(await launched.problems()).toEqual([]);
  });

  it('says that it does not answer any more, and goes on when it does', async () => {
    const { page } = launched;
    await page.getByRole('navigation').getByRole('link', { name: 'Computers' }).click();
    await page.getByRole('table', { name: 'Workers' }).waitFor();
    await redis.kill();
    await page.getByText(/does not answer.*waits for it/).waitFor({ timeout: 30_000 });
    await redis.begin();
    await page
      .getByText(/does not answer.*waits for it/)
      .waitFor({ state: 'hidden', timeout: 30_000 });
    await page.getByRole('table', { name: 'Workers' }).getByText('Waiting for work').waitFor();
  }, 90_000);
});
