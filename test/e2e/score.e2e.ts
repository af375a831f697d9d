import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LaunchedApp } from './launch.ts';
import { answerSaving } from './pages/dialogs.ts';
import { createHome, type Home } from './pages/open.ts';
import { ScorePage } from './pages/score.ts';
import { takeOut } from './pages/take-out.ts';

const root = path.join(import.meta.dirname, '..', '..');

/** One story: models of the person's, scored, ranked and compared in the real window. */
describe('models of one’s own', () => {
  let home: Home;
  let launched: LaunchedApp;
  let score: ScorePage;
  let files: string[];
  beforeAll(async () => {
    home = await createHome();
    const build = (name: string, genotype: string): string => {
      const file = path.join(home.folder, name);
      const cli = path.join(root, 'dist/main/cli.js');
      execFileSync(process.execPath, [cli, 'build', 'nats-sss', genotype, '--out', file]);
      return file;
    };
    const broken = path.join(home.folder, 'broken.onnx');
    await writeFile(broken, 'no model at all');
    files = [build('wide.onnx', '64:64:64:64:64'), build('narrow.onnx', '8:8:8:8:8'), broken];
    launched = await home.open();
    score = await new ScorePage(launched.page).open();
  });
  afterAll(async () => {
    await launched?.close();
    await home?.[Symbol.asyncDispose]();
  });

  it('are chosen in the dialog, scored one after another and ranked', async () => {
    await launched.app.evaluate(({ dialog }, filePaths) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths });
    }, files);
    await score.choose();
    await score.scored(2, 3);
    expect(await score.names()).toEqual(['wide.onnx', 'narrow.onnx', 'broken.onnx']);
    expect(await score.row('broken.onnx').textContent()).toContain('is not an ONNX model');
  });

  it('score as on the command line', async () => {
    const cli = path.join(root, 'dist/main/cli.js');
    const arguments_ = [cli, 'score', files[1] ?? '', '--json'];
    const json = execFileSync(process.execPath, arguments_, { encoding: 'utf8' });
    const { zicoBc } = JSON.parse(json) as { zicoBc: number };
    const cells = await score.row('narrow.onnx').locator('td').allTextContents();
    expect(cells[3]?.trim()).toBe(zicoBc.toFixed(1));
  });

  it('are ranked again at once by beta, and show their layers side by side', async () => {
    const before = await score.row('wide.onnx').textContent();
    await score.beta.focus();
    await score.beta.press('Home');
    await expect.poll(() => score.row('wide.onnx').textContent()).not.toBe(before);
    await launched.page.getByRole('checkbox', { name: 'Compare narrow.onnx' }).check();
    await score.layers('narrow.onnx').first().waitFor();
    const layers = await score.layers('narrow.onnx').count();
    await expect.poll(() => score.layers('wide.onnx').count()).toBe(layers);
  });

  it('are added by dropping their files onto the window', async () => {
    await launched.page.getByRole('button', { name: 'Remove narrow.onnx from the list' }).click();
    await expect.poll(() => score.names()).not.toContain('narrow.onnx');
    // A file input holds real files, as a drop does; a script cannot make one with a path.
    await launched.page.evaluate(() => {
      document.body.append(Object.assign(document.createElement('input'), { type: 'file' }));
    });
    await launched.page.locator('input[type=file]').setInputFiles(files[1] ?? '');
    await launched.page.locator('input[type=file]').evaluate((input: HTMLInputElement) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(input.files![0]!);
      window.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true }));
      input.remove();
    });
    await score.scored(2, 3);
    expect(await score.names()).toContain('narrow.onnx');
  });

  it('are measured, whether or not they can be scored, and saved as a table', async () => {
    const { page, app } = launched;
    await page.getByRole('button', { name: 'Measure all' }).click();
    await page.getByRole('button', { name: 'Cancel' }).waitFor();
    await page.getByRole('button', { name: 'Cancel' }).waitFor({ state: 'detached' });
    const cell = (name: string) => score.row(name).locator('td').nth(-2).textContent();
    expect(Number(await cell('wide.onnx'))).toBeGreaterThan(0);
    expect(await cell('broken.onnx')).toContain('Failed');
    const file = path.join(home.folder, 'models.csv');
    await answerSaving(app, file);
    await takeOut(page, 'Models', 'Table', 'CSV…');
    await expect.poll(() => readFile(file, 'utf8').catch(() => '')).toContain('wide.onnx');
    expect((await readFile(file, 'utf8')).trim().split('\n')).toHaveLength(4);
  });

  it('are scored on noise where that is chosen, which each score says', async () => {
    await launched.page.getByLabel('Images', { exact: true }).selectOption('noise');
    await score.scored(2, 3);
    await launched.page.getByText('The images are noise').first().waitFor();
  });

  it('cannot be named by a script that nobody gave a file', async () => {
    const answer = await launched.page.evaluate(() =>
      window.workbench.drop([new File(['x'], '/etc/passwd')]),
    );
    expect(answer).toMatchObject({ ok: false, error: { code: 'nothing-dropped' } });
  });

  it('went without a single error in the page', async () => {
    expect(await launched.problems()).toEqual([]);
  });
});
