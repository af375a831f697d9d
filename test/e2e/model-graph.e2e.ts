import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeForeign, floats, type ForeignNode } from '../support/foreign-onnx.ts';
import type { LaunchedApp } from './launch.ts';
import { answerDialogs } from './pages/dialogs.ts';
import { inBothThemes } from './pages/looked-at.ts';
import { createHome, type Home } from './pages/open.ts';

const root = path.join(import.meta.dirname, '..', '..');

/** Residual blocks up to so many nodes, the last of an operator that nobody knows. */
function deep(count: number): Uint8Array {
  const nodes: ForeignNode[] = [];
  let last = 'x';
  while (nodes.length < count - 1) {
    const at = nodes.length;
    const names = [0, 1, 2].map((i) => `v${at + i}`);
    nodes.push(
      { opType: 'Conv', name: `block${at}/conv`, input: [last, 'w'], output: [names[0]!] },
      { opType: 'Relu', name: `block${at}/relu`, input: [names[0]!], output: [names[1]!] },
      { opType: 'Add', name: `block${at}/add`, input: [names[1]!, last], output: [names[2]!] },
    );
    last = names[2]!;
  }
  nodes.push({ opType: 'Mystery', name: 'the-end', input: [last], output: ['y'] });
  const weight = Array.from({ length: 9 }, (_, i) => i / 9 - 0.5);
  return encodeForeign({
    nodes,
    initializers: [floats('w', [3, 3, 1, 1], weight)],
    input: [null, 3, 8, 8],
  });
}

/** One story: models as graphs, from a network that is scored to files that are no good. */
describe('a model as a graph', () => {
  let home: Home;
  let launched: LaunchedApp;
  let page: Page;
  let files: Record<'network' | 'deep' | 'large' | 'long' | 'broken', string>;
  beforeAll(async () => {
    home = await createHome();
    const at = (name: string): string => path.join(home.folder, `${name}.onnx`);
    const cli = path.join(root, 'dist/main/cli.js');
    execFileSync(process.execPath, [
      cli,
      'build',
      'nats-sss',
      '8:16:24:32:40',
      '--out',
      at('network'),
    ]);
    const chain = (count: number, operator: string, name: (i: number) => string): Uint8Array =>
      encodeForeign({
        nodes: Array.from({ length: count }, (_, i) => ({
          ...{ opType: operator, name: name(i) },
          ...{ input: [i === 0 ? 'x' : `v${i - 1}`], output: [i === count - 1 ? 'y' : `v${i}`] },
        })),
        input: [null, 3, 8, 8],
      });
    await writeFile(at('deep'), deep(5000));
    await writeFile(
      at('large'),
      chain(100_000, 'Relu', (i) => `n${i}`),
    );
    await writeFile(
      at('long'),
      chain(12, 'O'.repeat(10_000), (i) => `${i}${'n'.repeat(10_000)}`),
    );
    await writeFile(at('broken'), 'no model at all');
    files = {
      ...{ network: at('network'), deep: at('deep'), large: at('large') },
      ...{ long: at('long'), broken: at('broken') },
    };
    launched = await home.open();
    ({ page } = launched);
  });
  afterAll(async () => {
    await launched?.close();
    await home?.[Symbol.asyncDispose]();
  });

  const drawing = (file: string) => page.getByRole('application', { name: `Graph of ${file}` });
  const panel = () => page.getByRole('complementary', { name: 'Node' });
  const list = () => page.getByRole('listbox', { name: 'Nodes of the model' });
  async function open(file: string): Promise<void> {
    await answerDialogs(launched.app, file);
    await page.getByRole('button', { name: 'Open a model…' }).click();
  }
  async function drop(file: string): Promise<void> {
    await page.evaluate(() => {
      document.body.append(Object.assign(document.createElement('input'), { type: 'file' }));
    });
    await page.locator('input[type=file]').setInputFiles(file);
    await page.locator('input[type=file]').evaluate((input: HTMLInputElement) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(input.files![0]!);
      window.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true }));
      input.remove();
    });
  }

  it('is shown wherever its file is dropped', async () => {
    await page.getByRole('button', { name: 'Start the demo' }).waitFor();
    await drop(files.network);
    await drawing('network.onnx').waitFor();
    await page.getByText(/network\.onnx, \d+ nodes, .* parameters/).waitFor();
    await list()
      .getByRole('option', { name: /^Conv / })
      .first()
      .click();
    await panel().getByText('strides', { exact: true }).waitFor();
    await panel()
      .getByRole('img', { name: /^Histogram of stem\.conv\.weight/ })
      .waitFor();
    expect(await inBothThemes(launched, 'graph-network')).toEqual([]);
  });

  it('is scored from there, and shown from the list of scored ones', async () => {
    await page.getByRole('button', { name: 'Score it' }).click();
    await page.getByRole('heading', { level: 1, name: 'Score a model' }).waitFor();
    await page.getByRole('button', { name: 'Show network.onnx as a graph' }).click();
    await drawing('network.onnx').waitFor();
  });

  it('tells at its node why a model of 5,000 nodes cannot be scored, and stays smooth', async () => {
    await open(files.deep);
    await drawing('deep.onnx').waitFor({ timeout: 60_000 });
    await panel()
      .getByRole('note')
      .getByText(/Operator Mystery/)
      .waitFor();
    await panel().getByText('the-end', { exact: true }).waitFor();
    const box = (await drawing('deep.onnx').boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    // Frames while it is dragged and zoomed; the median, since other programs may take the processor for a moment.
    const frames = page.evaluate<number[]>(
      () =>
        new Promise((resolve) => {
          const times: number[] = [];
          const tick = (now: number): void => {
            times.push(now);
            if (times.length < 90) requestAnimationFrame(tick);
            else resolve(times.slice(1).map((time, i) => time - times[i]!));
          };
          requestAnimationFrame(tick);
        }),
    );
    await page.mouse.down();
    for (let i = 0; i < 40; i++) await page.mouse.move(box.x + 200, box.y + 100 + 9 * (i % 40));
    await page.mouse.up();
    for (let i = 0; i < 30; i++) await page.mouse.wheel(0, i < 20 ? 120 : -120);
    const sorted = (await frames).toSorted((a, b) => a - b);
    expect(sorted[45]).toBeLessThan(60);
    expect(await inBothThemes(launched, 'graph-deep')).toEqual([]);
  }, 120_000);

  it('is walked through and searched by keyboard alone', async () => {
    const field = page.getByRole('searchbox', { name: 'Find a node' });
    await field.focus();
    await page.keyboard.type('block2997');
    await page.getByText('1 of 3').waitFor();
    await page.keyboard.press('Enter');
    await page.getByText('2 of 3').waitFor();
    await page.keyboard.press('Tab');
    const isFocused = () => list().evaluate((element) => element === document.activeElement);
    await expect.poll(isFocused).toBe(true);
    await page.keyboard.press('ArrowDown');
    await panel().getByText('block2997/add', { exact: true }).waitFor();
    await field.fill('');
    // Past the list and the way to the node at fault.
    for (let i = 0; i < 3; i++) await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowUp');
    await panel().getByText('block2997/relu', { exact: true }).waitFor();
    await page.keyboard.press('0');
  });

  it('stays with names of 10,000 characters', async () => {
    await open(files.long);
    await drawing('long.onnx').waitFor({ timeout: 60_000 });
    await panel().getByRole('note').first().waitFor();
    expect(await inBothThemes(launched, 'graph-long')).toEqual([]);
  });

  it('says in a sentence that there are too many nodes, or no model', async () => {
    await open(files.large);
    await page
      .getByText('large.onnx has 100,000 nodes; up to 20,000 are drawn.')
      .waitFor({ timeout: 60_000 });
    // What was there stays.
    await drawing('long.onnx').waitFor();
    await open(files.broken);
    await page.getByText(/broken\.onnx is not an ONNX model/).waitFor();
  });

  it('went without a single error in the page', async () => {
    expect(await launched.problems()).toEqual([]);
  });
});
