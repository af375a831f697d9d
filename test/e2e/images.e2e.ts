import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plainPng } from '../support/data.ts';
import type { LaunchedApp } from './launch.ts';
import { answerDialogs } from './pages/dialogs.ts';
import { inBothThemes } from './pages/looked-at.ts';
import { NewSearchPage, smallSearch } from './pages/new-search.ts';
import { createHome, type Home } from './pages/open.ts';

/** One story: somebody looks at the images before a search, while it runs, and of one of its candidates. */
describe('the images that are scored', () => {
  let home: Home;
  let launched: LaunchedApp;
  let page: Page;
  beforeAll(async () => {
    home = await createHome();
    launched = await home.open();
    ({ page } = launched);
  });
  afterAll(async () => {
    await launched?.close();
    await home?.[Symbol.asyncDispose]();
  });

  const dialog = () => page.getByRole('dialog', { name: 'Images as they are scored' });
  const tiles = () => dialog().getByRole('img', { name: /^Image \d+/ });
  const see = () => page.getByRole('button', { name: 'See the images' });
  const whole = (images: number) =>
    dialog()
      .getByText(`${images} of ${images} ${images === 1 ? 'image' : 'images'}`)
      .waitFor({ timeout: 60_000 });
  const close = async (): Promise<void> => {
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'detached' });
  };
  /** Number of different colours on the canvases of the first image: one that is blank has one. */
  const colours = () =>
    dialog()
      .locator('figure')
      .first()
      .locator('canvas')
      .evaluateAll((canvases) =>
        (canvases as HTMLCanvasElement[]).map((canvas) => {
          const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
          return new Set(new Uint32Array(data.buffer)).size;
        }),
      );
  const fill = async (fields: Record<string, string>): Promise<NewSearchPage> =>
    (await new NewSearchPage(page).open()).fill(fields);
  async function chooseFolder(folder: string): Promise<void> {
    await answerDialogs(launched.app, folder);
    await page.getByRole('button', { name: 'Folder…' }).click();
    await page.getByText(folder, { exact: true }).waitFor();
  }

  it('are shown with their classes before a search, batch by batch', async () => {
    await fill({
      'Search space': 'NATS-Bench size space',
      Batches: '2',
      'Images in a batch': '16',
    });
    await see().focus();
    await page.keyboard.press('Enter');
    await whole(16);
    await expect.poll(() => tiles().count()).toBe(16);
    expect((await colours())[0]).toBeGreaterThan(50);
    const first = await tiles().first().getAttribute('aria-label');
    expect(first).toMatch(
      /^Image 1: (airplane|automobile|bird|cat|deer|dog|frog|horse|ship|truck)$/,
    );
    expect(await inBothThemes(launched, 'images-classes')).toEqual([]);
    await dialog().getByRole('button', { name: 'Next batch' }).click();
    await dialog().getByText('Batch 2 of 2').waitFor();
    await whole(16);
    const next = dialog().getByRole('button', { name: 'Next batch' });
    await expect.poll(() => next.isDisabled()).toBe(true);
    await close();
    // Back where it was opened.
    const isFocused = () => see().evaluate((element) => element === document.activeElement);
    await expect.poll(isFocused).toBe(true);
  });

  it('have boxes with names where a search detects', async () => {
    await fill({
      'Search space': 'Backbones for EfficientDet-D0',
      'Images in a batch': '2',
    });
    await see().click();
    await whole(2);
    await dialog().locator('figure').first().locator('rect').first().waitFor();
    expect(await tiles().first().getAttribute('aria-label')).toMatch(/boxes? \(.*RBC/);
    await dialog().getByLabel('Size of the images').fill('320');
    await dialog().locator('.name', { hasText: 'RBC' }).first().waitFor();
    expect(await inBothThemes(launched, 'images-boxes')).toEqual([]);
    await dialog().getByRole('checkbox', { name: 'Boxes' }).uncheck();
    await expect.poll(() => dialog().locator('rect').count()).toBe(0);
    await close();
  });

  it('have masks in the colours of the legend where a search segments', async () => {
    await fill({
      'Search space': 'Networks around FFNet, up to 86 blocks',
      'Images in a batch': '2',
    });
    await see().click();
    await whole(2);
    const [picture, mask] = await colours();
    expect(picture).toBeGreaterThan(50);
    expect(mask).toBeGreaterThan(1);
    await dialog().getByRole('group', { name: 'Classes in this batch' }).getByText('RBC').waitFor();
    expect(await inBothThemes(launched, 'images-masks')).toEqual([]);
    await dialog().getByRole('checkbox', { name: 'Masks' }).uncheck();
    await expect.poll(colours).toHaveLength(1);
    await close();
  });

  it('are too few in a sentence, and their vanishing is told', async () => {
    const folder = path.join(home.folder, 'pictures');
    await mkdir(path.join(folder, 'a'), { recursive: true });
    await mkdir(path.join(folder, 'b'), { recursive: true });
    await writeFile(path.join(folder, 'a', '1.png'), plainPng(32, 32));
    await fill({ 'Search space': 'NATS-Bench size space', 'Images in a batch': '1', Batches: '2' });
    await chooseFolder(folder);
    await see().click();
    await dialog()
      .getByText(/need 2 images, but there is only 1/)
      .waitFor({ timeout: 30_000 });
    expect(await inBothThemes(launched, 'images-too-few')).toEqual([]);
    await writeFile(path.join(folder, 'b', '1.png'), plainPng(32, 32, [200, 30, 30]));
    await dialog().getByRole('button', { name: 'Read again' }).click();
    await whole(1);
    await rm(path.join(folder, 'b', '1.png'));
    await dialog().getByRole('button', { name: 'Next batch' }).click();
    await dialog()
      .getByText(/something has changed/)
      .waitFor({ timeout: 30_000 });
    await expect.poll(() => tiles().count()).toBe(1);
    await dialog().getByRole('button', { name: 'Read again' }).click();
    await dialog()
      .getByText(/there is only 1/)
      .waitFor({ timeout: 30_000 });
    await rm(folder, { recursive: true });
    await dialog().getByRole('button', { name: 'Read again' }).click();
    await dialog()
      .getByText(/There is no file or folder/)
      .waitFor({ timeout: 30_000 });
    await close();
  });

  it('are those of the run while it searches, and of a candidate', async () => {
    const form = await fill({ 'Search space': 'NATS-Bench size space', ...smallSearch });
    await page.getByRole('button', { name: 'Embedded' }).click();
    const run = await form.start();
    await page.getByRole('button', { name: 'Images', exact: true }).click();
    await whole(16);
    await dialog()
      .getByText(/256 CIFAR-10 images.*digest/)
      .waitFor();
    await close();
    await run.waitUntil('Finished', 120_000);
    await run.select((await run.names())[0]!);
    await page.keyboard.press('Enter');
    await page.getByText(/^Scored on 256 CIFAR-10 images/).waitFor();
    await see().click();
    await whole(16);
    await close();
    // It was the dialog that Escape closed.
    await page.getByRole('application', { name: /^Architecture of/ }).waitFor();
    expect(await inBothThemes(launched, 'candidate')).toEqual([]);
  }, 300_000);

  it('went without a single error in the page', async () => {
    expect(await launched.problems()).toEqual([]);
  });
});
