/** From launch to the first page one can use, beside an empty window of the same Electron. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { launchApp } from '../../e2e/launch.ts';
import { createHome } from '../../e2e/pages/open.ts';

const times = 5;

async function emptyWindow(): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'zico-empty-'));
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'package.json'), '{"name":"empty","main":"main.cjs"}');
  await writeFile(
    path.join(folder, 'main.cjs'),
    "const { app, BrowserWindow } = require('electron');\n" +
      "app.whenReady().then(() => new BrowserWindow({ width: 1280, height: 800 }).loadURL('data:text/html,<p>empty'));\n" +
      "app.on('window-all-closed', () => app.quit());\n",
  );
  return folder;
}

export async function starting(): Promise<void> {
  const folder = await emptyWindow();
  const empty: number[] = [];
  const ours: number[] = [];
  try {
    // Taken in turns, so that a busy moment of the machine hits both.
    for (let i = 0; i < times; i++) {
      const before = performance.now();
      {
        await using launched = await launchApp({ appFolder: folder });
        await launched.page.getByText('empty').waitFor();
        empty.push(performance.now() - before);
      }
      await using home = await createHome();
      const start = performance.now();
      await using launched = await home.open();
      await launched.page.getByRole('button', { name: 'Start the demo' }).waitFor();
      ours.push(performance.now() - start);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const median = (all: number[]): number => all.sort((a, b) => a - b)[Math.floor(times / 2)]!;
  const base = median(empty);
  console.log(
    `window starts in ${median(ours).toFixed(0)} ms, an empty one in ${base.toFixed(0)} ms ` +
      `(medians of ${times}); the aim is ${(1.5 * base + 700).toFixed(0)} ms`,
  );
}
