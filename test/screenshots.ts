/**
 * `npm run screenshots -- RUN.zico [OTHER.zico]`: pictures of every page in docs/screenshots, light and dark, out of the
 * real window showing a real run, such as one that `npx zico search --run RUN.zico` has made, and its front
 * beside that of another run where one is named.
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
import { PhonesPage } from './e2e/pages/phones.ts';
import { ScorePage } from './e2e/pages/score.ts';
import { SpacesPage } from './e2e/pages/spaces.ts';
import { startAdbServer } from './phone/adb-server.ts';
import { startPhone } from './phone/phone.ts';

const [run, another] = process.argv.slice(2);
if (!run) {
  console.error('Usage: npm run screenshots -- RUN.zico [OTHER.zico]');
  process.exit(2);
}
if (process.platform === 'linux' && !process.env['DISPLAY']) {
  const screen = ['-a', '-s', '-screen 0 2560x1600x24'];
  const self = [process.execPath, import.meta.filename, run, ...(another ? [another] : [])];
  process.exit(spawnSync('xvfb-run', [...screen, ...self], { stdio: 'inherit' }).status ?? 1);
}

const folder = path.join(import.meta.dirname, '..', 'docs', 'screenshots');
const sizes = [
  { width: 1280, height: 800, suffix: '' },
  { width: 1920, height: 1080, suffix: '-1920x1080' },
];

/** Each page at both sizes in both themes. */
async function shoot(app: ElectronApplication, page: Page, name: string): Promise<void> {
  for (const { width, height, suffix } of sizes) {
    await app.evaluate(
      ({ BrowserWindow }, size) => {
        BrowserWindow.getAllWindows()[0].setContentSize(size.width, size.height);
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
  await phones.phone(waiting.address).getByText('Waiting for permission').waitFor();
  for (const celsius of [30, 31, 32.5, 34, 35.5, 34, 33]) {
    ready.heat(celsius);
    await page.waitForTimeout(6000);
  }
  await shoot(app, page, 'phones');
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
  await copyFile(run, path.join(runs, 'CIFAR-10 networks for this computer.zico'));
  if (another) await copyFile(another, path.join(runs, 'The same with another seed.zico'));
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
  if (another) {
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: 'Searches' }).click();
    await page.getByRole('button', { name: 'More for CIFAR-10' }).click();
    await page.getByRole('menuitem', { name: 'Compare its front…' }).click();
    await page.getByRole('table', { name: 'Hypervolume' }).waitFor();
    await shoot(app.app, page, 'compare-fronts');
  }
  console.log(`Pictures are in ${folder}`);
} finally {
  await rm(home, { recursive: true, force: true });
}
