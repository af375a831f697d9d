/**
 * `npm run screenshots`: the pictures of the guide and the README, out of the real window showing real searches.
 * `npm run screenshots -- --all FOLDER`: every page instead, light and dark, small and large, to look at.
 * Needs `npm run build`; takes some minutes, best on a computer that does nothing else.
 */
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { ElectronApplication, Page } from 'playwright-core';
import { writeDeployableOnnx } from '../../main/graph/onnx/write.ts';
import { initialNetwork } from '../../main/space/initial-network.ts';
import type { CandidateId } from '../../main/run/candidate.ts';
import { spaceNamed, spaceOfRun } from '../../main/space/index.ts';
import { openRunReadOnly } from '../../main/store/run-file.ts';
import { launchApp } from '../e2e/launch.ts';
import { BenchmarksPage } from '../e2e/pages/benchmarks.ts';
import { NewSearchPage } from '../e2e/pages/new-search.ts';
import { PhonesPage, PhoneStrip } from '../e2e/pages/phones.ts';
import { ScorePage } from '../e2e/pages/score.ts';
import { SpacesPage } from '../e2e/pages/spaces.ts';
import { startAdbServer } from '../phone/adb-server.ts';
import { startPhone, type Phone } from '../phone/phone.ts';
import { digestOf, isPicture, pictures, picturesFolder, takenFile } from './pictures.ts';

const { values } = parseArgs({ options: { all: { type: 'string' } } });
if (process.platform === 'linux' && !process.env['DISPLAY']) {
  const screen = ['-a', '-s', '-screen 0 2560x1600x24'];
  const self = [process.execPath, import.meta.filename, ...process.argv.slice(2)];
  process.exit(spawnSync('xvfb-run', [...screen, ...self], { stdio: 'inherit' }).status ?? 1);
}

const root = path.join(import.meta.dirname, '../..');
const folder = values.all ?? picturesFolder;
const usual = { width: 1280, height: 800 };
const sizes =
  values.all === undefined
    ? [usual]
    : [{ width: 900, height: 600 }, usual, { width: 1920, height: 1080 }];
const themes = values.all === undefined ? (['light'] as const) : (['light', 'dark'] as const);
const taken: Record<string, string> = {};

/** A page at all sizes and in all themes that are asked for; ends at the usual size. */
async function shoot(app: ElectronApplication, page: Page, name: string): Promise<void> {
  if (values.all === undefined && !isPicture(name)) return;
  for (const { width, height } of [...sizes, usual]) {
    await app.evaluate(
      ({ BrowserWindow }, size) => {
        BrowserWindow.getAllWindows()[0]!.setContentSize(size.width, size.height);
      },
      { width, height },
    );
    for (const theme of themes) {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
      await page.waitForTimeout(400);
      const suffix = values.all === undefined ? '' : `-${width}x${height}-${theme}`;
      await page.screenshot({ path: path.join(folder, `${name}${suffix}.png`) });
    }
  }
  if (isPicture(name)) taken[name] = digestOf(name);
}

/** A search as anybody would start it; only the seed is its own. */
function search(file: string, seed: number): string {
  const budget = ['--seed', String(seed)];
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
    ...{ Name: 'Networks for a Galaxy S10', 'Candidates, at most': '96' },
    ...{ 'Images in a batch': '16', 'MACs, at most': '20000000' },
    Latency: 'Measured on a Galaxy S10 over USB',
  });
  await page.getByLabel('Phone', { exact: true }).selectOption(phone.address);
  await page.getByText('How it measures').click();
  await form.fill({
    ...{ 'Warm-up runs': '0', 'Timed runs': '3', 'Repeats, at most': '1' },
    Runner: 'ONNX Runtime with its own libc, CPU',
  });
  await shoot(app, page, 'new-search-phone');
  const run = await form.start();
  await run.show('Front');
  await page.getByRole('tab', { name: /^All (1[2-9]|[2-9]\d)/ }).waitFor({ timeout: 600_000 });
  phone.heat(37.5);
  await new PhoneStrip(page).saying('The battery is 37.5 °C, above 35 °C.', 120_000);
  await shoot(app, page, 'search-on-phone');
  await run.stop();
  await run.waitUntil('Stopped', 120_000);
}

/** A search after its first candidates, and with half of them. */
async function shootSearching(app: ElectronApplication, page: Page): Promise<void> {
  const form = await new NewSearchPage(page).open();
  await form.fill({ Name: 'Networks for CIFAR-10' });
  const run = await form.start();
  await run.show('All');
  for (const [name, from] of [
    ['search-begins', '1[2-9]|[2-9]\\d|1\\d\\d'],
    ['search-goes-on', '[6-9]\\d|1\\d\\d'],
  ] as const) {
    await page
      .getByRole('tab', { name: new RegExp(`^All (${from})`) })
      .waitFor({ timeout: 120_000 });
    await run.pause();
    await shoot(app, page, name);
    await run.resume();
  }
  await run.waitUntil('Finished', 300_000);
}

/** The page of a candidate, with the form for a trained model and with one that is attached. */
async function shootTrained(
  app: ElectronApplication,
  page: Page,
  home: string,
  file: string,
): Promise<void> {
  const id = Number(new URL(page.url()).hash.split('/').at(-1)) as CandidateId;
  const run = openRunReadOnly(file);
  const graph = initialNetwork(
    spaceOfRun(run.info()),
    run.candidate(id)!.genotype,
    'pytorch-default',
    1,
  );
  run.close();
  const model = path.join(home, 'trained.onnx');
  await writeFile(model, writeDeployableOnnx(graph, 1, ''));
  await app.evaluate(
    ({ dialog }, filePaths) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths });
    },
    [model],
  );
  const panel = page.getByRole('region', { name: /^Trained model of/ });
  await panel.scrollIntoViewIfNeeded();
  await shoot(app, page, 'trained-none');
  await panel.getByRole('button', { name: 'Choose model…' }).click();
  await panel.getByLabel('Accuracy, %').fill('71.2');
  await panel.getByLabel('Metric').fill('top-1');
  await panel.getByLabel('Data set').fill('CIFAR-10');
  await panel.getByRole('button', { name: 'Attach' }).scrollIntoViewIfNeeded();
  await shoot(app, page, 'trained-form');
  await panel.getByRole('button', { name: 'Attach' }).click();
  await panel.getByRole('button', { name: 'Measure' }).click();
  await panel
    .getByText(/\d ms$/)
    .nth(1)
    .waitFor({ timeout: 60_000 });
  await panel.getByRole('button', { name: 'Detach' }).scrollIntoViewIfNeeded();
  await shoot(app, page, 'trained');
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
    await benchmarks.run.waitFor({ timeout: 1_200_000 });
    await benchmarks.networks.locator('tbody tr').nth(4).click();
    await shoot(first.app, first.page, 'benchmarks');
    await shootSearching(first.app, first.page);
  }
  const names = ['CIFAR-10 networks for this computer.zico', 'The same with another seed.zico'];
  for (const [seed, name] of names.entries()) {
    search(path.join(runs, name), seed);
  }
  await using app = await launchApp({ env });
  const { page } = app;
  const open = page.getByRole('button', { name: /^Open CIFAR-10/ });
  await open.waitFor();
  await shoot(app.app, page, 'searches');
  await open.click();
  await page.getByRole('button', { name: 'Select the knee' }).click();
  await page.getByRole('complementary', { name: 'Selected candidate' }).waitFor();
  await shoot(app.app, page, 'search');
  await page.getByRole('button', { name: 'What the export holds' }).click();
  await shoot(app.app, page, 'export');
  await page.keyboard.press('Enter');
  await page.getByRole('application', { name: /^Architecture of/ }).waitFor();
  await page
    .getByRole('button', { name: /: fold$/ })
    .first()
    .waitFor();
  await shoot(app.app, page, 'candidate');
  await shootTrained(app.app, page, home, path.join(runs, names[0]!));
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
  // The emulated phones run on Linux only.
  if (process.platform === 'linux') await shootPhones();
  if (values.all === undefined) {
    const inOrder = Object.keys(pictures).map((name) => [name, taken[name]]);
    await writeFile(takenFile, `${JSON.stringify(Object.fromEntries(inOrder), null, 2)}\n`);
  }
  console.log(`Pictures are in ${folder}`);
} finally {
  await rm(home, { recursive: true, force: true });
}
