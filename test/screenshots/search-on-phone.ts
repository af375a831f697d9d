/** Pictures of a search that measures on an emulated phone: its page, the form, a candidate with its repeats. */
import path from 'node:path';
import type { ElectronApplication, Page } from 'playwright-core';
import { launchApp } from '../e2e/launch.ts';
import { NewSearchPage } from '../e2e/pages/new-search.ts';
import { PhoneStrip } from '../e2e/pages/phones.ts';
import { startAdbServer } from '../phone/adb-server.ts';
import { startPhone } from '../phone/phone.ts';

/** @param home where the run goes */
export async function shootSearchOnPhone(
  home: string,
  shoot: (app: ElectronApplication, page: Page, name: string) => Promise<void>,
): Promise<void> {
  await using server = await startAdbServer();
  await using phone = await startPhone({ server, serial: 'R58M30EMULA' });
  const env = { ...server.env, ZICO_TEST: '1', ZICO_RUNS_FOLDER: path.join(home, 'phone-runs') };
  await using launched = await launchApp({ env });
  const { app, page } = launched;
  const form = await new NewSearchPage(page).open();
  await form.fill({
    ...{ Name: 'CIFAR-10 networks for a Galaxy S10', Population: '10', Generations: '4' },
    ...{ 'Images in a batch': '16', Latency: 'Measured on a Galaxy S10 over USB' },
  });
  await page
    .getByText(/SM-G973F.*Exynos/)
    .last()
    .waitFor();
  await page.getByText('How it measures').click();
  // Emulated arm64 is slow, and what it measures means nothing.
  await form.fill({
    ...{ 'Warm-up runs': '2', 'Timed runs': '10', Repeats: '1' },
    Runner: 'ONNX Runtime with its own libc, CPU',
  });
  await page.getByText('How it measures').scrollIntoViewIfNeeded();
  await shoot(app, page, 'new-search-phone');
  const run = await form.start();
  const strip = new PhoneStrip(page);
  await run.show('All');
  await strip.saying('Measuring', 120_000);
  while ((await strip.measured()) < 12) await page.waitForTimeout(500);
  await page.getByRole('button', { name: 'Select the knee' }).click();
  await shoot(app, page, 'live-search-phone');
  phone.heat(41);
  await strip.saying(/above 35 °C/, 120_000);
  await shoot(app, page, 'live-search-phone-hot');
  phone.cool();
  await page.getByRole('link', { name: 'Open', exact: true }).click();
  await page.getByRole('group', { name: 'Repeat 1' }).scrollIntoViewIfNeeded();
  await shoot(app, page, 'candidate-phone');
}
