import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LaunchedApp } from './launch.ts';
import { BenchmarksPage } from './pages/benchmarks.ts';
import { createHome, type Home } from './pages/open.ts';

const root = path.join(import.meta.dirname, '..', '..');
/** Scoring steps back behind whatever else the machine does meanwhile. */
const patience = 600_000;

/** One story: a small benchmark in the real window, ranked, kept, opened again and deleted. */
describe('a benchmark in the window', { timeout: patience }, () => {
  let home: Home;
  let launched: LaunchedApp;
  let benchmarks: BenchmarksPage;
  beforeAll(async () => {
    home = await createHome();
    launched = await home.open();
    benchmarks = await new BenchmarksPage(launched.page).open();
  });
  afterAll(async () => {
    await launched?.close();
    await home?.[Symbol.asyncDispose]();
  });

  it('scores networks three times and says how far ranks repeat', async () => {
    await benchmarks.start(4, true);
    await benchmarks.ended(patience);
    await expect.poll(() => benchmarks.networks.locator('tbody tr').count()).toBe(4);
    expect(await benchmarks.cells(benchmarks.repeatability, /^ZiCo, capped/)).toEqual([
      expect.stringMatching(/^−?\d\.\d{3}$/),
      expect.stringMatching(/^−?\d\.\d{3}$/),
    ]);
  });

  it('finds the correlations that the command line finds', async () => {
    const cli = path.join(root, 'dist/main/cli.js');
    const json = execFileSync(
      process.execPath,
      [cli, 'benchmark', 'nats-sss', '--count', '4', '--seed', '0', '--json'],
      { encoding: 'utf8', timeout: patience, stdio: ['ignore', 'pipe', 'ignore'] },
    );
    const { correlations } = JSON.parse(json) as {
      correlations: Record<string, Record<string, { kendallTau: number; spearmanRho: number }>>;
    };
    const { kendallTau } = correlations['zicoBc']!['cifar10_test_acc']!;
    const written = kendallTau.toFixed(3).replaceAll('-', '−');
    // First the correlation alone; its interval once it is judged.
    await expect
      .poll(() => benchmarks.cells(benchmarks.correlation, /^ZiCo-BC, β 2.00 [−0-9]/), {
        timeout: patience,
      })
      .toEqual(
        expect.arrayContaining([expect.stringMatching(new RegExp(`^${written}.* to `, 's'))]),
      );
  });

  it('ranks anew at once when beta moves', async () => {
    const row = benchmarks.networks.locator('tbody tr').first();
    const before = await row.textContent();
    await benchmarks.beta.focus();
    await benchmarks.beta.press('Home');
    await expect.poll(() => row.textContent()).not.toBe(before);
    const plain = await benchmarks.cells(benchmarks.correlation, /^ZiCo [−0-9]/);
    expect(await benchmarks.cells(benchmarks.correlation, /^ZiCo-BC, β 0.00 [−0-9]/)).toEqual(
      plain,
    );
  });

  it('refuses a search beside one that runs, and keeps what was scored when it is stopped', async () => {
    await benchmarks.start(200, false);
    await benchmarks.begun();
    await benchmarks.networks.locator('tbody tr').first().waitFor({ timeout: patience });
    const answer = await launched.page.evaluate(async () => {
      const { defaultSettings: settings } = await window.workbench
        .call('app.describe')
        .then((described) => (described.ok ? described.value : Promise.reject(new Error())));
      return window.workbench.call('search.start', { name: 'beside', settings });
    });
    expect(answer).toMatchObject({ ok: false, error: { code: 'benchmark-running' } });
    await benchmarks.stop();
    await benchmarks.run.waitFor();
    await launched.page
      .getByText(/^Stopped/)
      .first()
      .waitFor();
  });

  it('is there again in a later session, and can be deleted', async () => {
    await launched.close();
    launched = await home.open();
    benchmarks = await new BenchmarksPage(launched.page).open();
    await benchmarks.result('4 networks, seed 0').click();
    await expect.poll(() => benchmarks.networks.locator('tbody tr').count()).toBe(4);
    const { page } = launched;
    await page.getByRole('button', { name: 'Delete 4 networks, seed 0', exact: true }).click();
    await page.getByRole('button', { name: 'Really delete 4 networks, seed 0' }).click();
    await benchmarks.result('4 networks, seed 0').waitFor({ state: 'detached' });
  });

  it('went without a single error in the page', async () => {
    expect(await launched.problems()).toEqual([]);
  });
});
