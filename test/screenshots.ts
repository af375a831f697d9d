/**
 * `npm run screenshots -- [RUN.zico OTHER.zico]`: pictures of every page in docs/screenshots, light and dark,
 * small and large, out of the real window showing real runs. Where none are named it searches twice itself,
 * a few minutes each, best on a computer that does nothing else.
 */
import { spawnSync } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { ElectronApplication, Page } from 'playwright-core';
import { writeDeployableOnnx } from '../main/graph/onnx/write.ts';
import { initialNetwork } from '../main/space/initial-network.ts';
import { spaceNamed } from '../main/space/index.ts';
import { launchApp } from './e2e/launch.ts';
import { BenchmarksPage } from './e2e/pages/benchmarks.ts';
import { NewSearchPage } from './e2e/pages/new-search.ts';
import { PhonesPage, PhoneStrip } from './e2e/pages/phones.ts';
import { ScorePage } from './e2e/pages/score.ts';
import { SpacesPage } from './e2e/pages/spaces.ts';
import { startAdbServer } from './phone/adb-server.ts';
import { startPhone, type Phone } from './phone/phone.ts';

const named = process.argv.slice(2);
if (process.platform === 'linux' && !process.env['DISPLAY']) {
  const screen = ['-a', '-s', '-screen 0 2560x1600x24'];
  const self = [process.execPath, import.meta.filename, ...named];
  process.exit(spawnSync('xvfb-run', [...screen, ...self], { stdio: 'inherit' }).status ?? 1);
}

const root = path.join(import.meta.dirname, '..');
const folder = path.join(root, 'docs', 'screenshots');
const sizes = [
  { width: 1280, height: 800, suffix: '' },
  { width: 1920, height: 1080, suffix: '-1920x1080' },
];

/** Each page at both sizes in both themes. */
async function shoot(app: ElectronApplication, page: Page, name: string): Promise<void> {
  for (const { width, height, suffix } of sizes) {
    await app.evaluate(
      ({ BrowserWindow }, size) => {
        BrowserWindow.getAllWindows()[0]!.setContentSize(size.width, size.height);
      },
      { width, height },
    );
    for (const theme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
      await page.waitForTimeout(400);
      await page.screenshot({ path: path.join(folder, `${name}${suffix}-${theme}.png`) });
    }
  }
}

/** A search as anybody would start it; only the seed is its own. */
function search(file: string, seed: number): string {
  const budget = ['--population', '20', '--candidates', '160', '--seed', String(seed)];
  const args = [path.join(root, 'dist/main/cli.js'), 'search', '--run', file, ...budget];
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' });
  if (status !== 0) throw new Error(`zico search ended with exit code ${status}`);
  return file;
}

/** The page of phones: none, and two emulated ones, of which one waits to be allowed. */
async function shootPhones(): Promise<void> {
  await using server = await startAdbServer();
  await using launched = await launchApp({ env: { ...server.env, ZICO_TEST: '1' } });
  const { app, page } = launched;
  const phones = await new PhonesPage(page).open();
  await phones.empty().waitFor();
  await shoot(app, page, 'phones-none');
  await using ready = await startPhone({ server, serial: 'R58M30EMULA' });
  await phones.check(ready.address);
  await using waiting = await startPhone({ server, model: 'SM-G973U', secure: true });
  await phones.phone(waiting.address).getByText('Waiting for your permission').waitFor();
  for (const celsius of [30, 31, 32.5, 34, 35.5, 34, 33]) {
    ready.heat(celsius);
    await page.waitForTimeout(6000);
  }
  await shoot(app, page, 'phones');
  await using measuring = await startPhone({ server, serial: 'R58M31EMULB' });
  await shootSearchOnPhone(page, app, measuring);
}

/** A search whose phone grew too warm after some candidates. */
async function shootSearchOnPhone(
  page: Page,
  app: ElectronApplication,
  phone: Phone,
): Promise<void> {
  const form = await new NewSearchPage(page).open();
  await page.getByRole('button', { name: /^More/ }).click();
  // Small networks and few runs: its programs are emulated.
  await form.fill({
    ...{ Name: 'Networks for a Galaxy S10', Population: '24', Generations: '4' },
    ...{ 'Images in a batch': '16', 'MACs, at most': '20000000' },
    Latency: 'Measured on a Galaxy S10 over USB',
  });
  await page.getByLabel('Phone', { exact: true }).selectOption(phone.address);
  await page.getByText('How it measures').click();
  await form.fill({
    ...{ 'Warm-up runs': '0', 'Timed runs': '3', Repeats: '1' },
    Runner: 'ONNX Runtime with its own libc, CPU',
  });
  await shoot(app, page, 'new-search-phone');
  const run = await form.start();
  await run.show('Front');
  await page.getByRole('tab', { name: /^All (1[2-9]|[2-9]\d)/ }).waitFor({ timeout: 600_000 });
  phone.heat(37.5);
  await new PhoneStrip(page).saying('The battery is 37.5 °C, above 35 °C.', 120_000);
  await shoot(app, page, 'live-search-phone');
  await run.stop();
  await run.waitUntil('Stopped', 120_000);
}

/** Two networks to compare. */
async function models(home: string): Promise<string[]> {
  const space = spaceNamed('nats-sss');
  const sizes = { 'wide.onnx': '64:64:64:64:64', 'narrow.onnx': '16:24:32:40:48' };
  const files = Object.entries(sizes).map(async ([name, genotype]) => {
    const graph = initialNetwork(space, space.parse(genotype), 'pytorch-default', 0);
    await writeFile(path.join(home, name), writeDeployableOnnx(graph, 1, ''));
    return path.join(home, name);
  });
  return Promise.all(files);
}

await mkdir(folder, { recursive: true });
const home = await mkdtemp(path.join(os.tmpdir(), 'zico-'));
const runs = path.join(home, 'runs');
await mkdir(runs);
try {
  // The emulated phones run on Linux only.
  if (process.platform === 'linux') await shootPhones();
  const env = { ZICO_TEST: '1', ZICO_RUNS_FOLDER: runs };
  {
    await using first = await launchApp({ env });
    await first.page.getByRole('button', { name: 'Start the demo' }).waitFor();
    await shoot(first.app, first.page, 'first-use');
    await first.page.getByRole('link', { name: 'New search' }).click();
    await shoot(first.app, first.page, 'new-search');
    await first.page.getByRole('link', { name: 'Settings' }).click();
    await first.page.getByText('Runs are kept in').waitFor();
    await shoot(first.app, first.page, 'settings');
    const spaces = await new SpacesPage(first.page).open();
    await spaces.select('efficientnet');
    await spaces.press('Duplicate');
    await spaces.select('my-efficientnet');
    await shoot(first.app, first.page, 'spaces');
    await spaces.press('Edit');
    await spaces.says('1,000 sampled');
    await shoot(first.app, first.page, 'space-editor');
    await first.app.evaluate(
      ({ dialog }, filePaths) => {
        dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths });
      },
      await models(home),
    );
    const score = await new ScorePage(first.page).open();
    await score.choose();
    await score.scored(2, 2);
    await first.page.getByRole('checkbox', { name: 'Compare narrow.onnx' }).check();
    await shoot(first.app, first.page, 'score-a-model');
    const benchmarks = await new BenchmarksPage(first.page).open();
    await benchmarks.start(60, true);
    await benchmarks.networks.locator('tbody tr').nth(9).waitFor({ timeout: 120_000 });
    await benchmarks.ended(1_200_000);
    await benchmarks.networks.locator('tbody tr').nth(4).click();
    await shoot(first.app, first.page, 'benchmarks');
  }
  const names = ['CIFAR-10 networks for this computer.zico', 'The same with another seed.zico'];
  for (const [seed, name] of names.entries()) {
    const file = named[seed] ?? search(path.join(home, name), seed);
    await copyFile(file, path.join(runs, name));
  }
  await using app = await launchApp({ env });
  const { page } = app;
  const open = page.getByRole('button', { name: /^Open CIFAR-10/ });
  await open.waitFor();
  await shoot(app.app, page, 'searches');
  await open.click();
  await page.getByRole('button', { name: 'Select the knee' }).click();
  await page.getByRole('complementary', { name: 'Selected candidate' }).waitFor();
  await shoot(app.app, page, 'live-search');
  await page.keyboard.press('Enter');
  await page.getByRole('application', { name: /^Architecture of/ }).waitFor();
  await page
    .getByRole('button', { name: /: fold$/ })
    .first()
    .waitFor();
  await shoot(app.app, page, 'candidate');
  await page.keyboard.press('Escape');
  await page.getByRole('complementary', { name: 'Selected candidate' }).waitFor();
  for (let pinned = 0; pinned < 4; pinned += 1) {
    await page.keyboard.press('p');
    for (let step = 0; step < 3; step += 1) await page.keyboard.press(']');
  }
  await page.keyboard.press('c');
  await page.getByRole('table', { name: 'Compare' }).waitFor();
  await shoot(app.app, page, 'compare');
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: 'Searches' }).click();
  await page.getByRole('button', { name: 'More for CIFAR-10' }).click();
  await page.getByRole('menuitem', { name: 'Compare its front…' }).click();
  await page.getByRole('table', { name: 'Hypervolume' }).waitFor();
  await shoot(app.app, page, 'compare-fronts');
  console.log(`Pictures are in ${folder}`);
} finally {
  await rm(home, { recursive: true, force: true });
}
