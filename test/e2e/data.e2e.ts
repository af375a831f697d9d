/**
 * Images of a person's own: they are decoded in a utility process, where the decoder's libraries and the window's do
 * not meet, and a folder of them is dropped as from a file manager.
 */
import path from 'node:path';
import { expect, it } from 'vitest';
import type { ReplyMessage } from '../../main/child/serve.ts';
import { launchApp } from './launch.ts';

const dist = path.join(import.meta.dirname, '../../dist/main');

it('the data child decodes photographs under Electron, and nothing complains', async () => {
  await using launched = await launchApp();
  const asked = {
    entry: path.join(dist, 'data-child.js'),
    message: {
      id: 1,
      method: 'inspect',
      payload: { data: { path: path.join(dist, 'assets/bccd') }, check: 4 },
    },
  };
  const reply = await launched.app.evaluate(
    ({ utilityProcess }, { entry, message }) =>
      new Promise<unknown>((resolve) => {
        const child = utilityProcess.fork(entry, [], { stdio: 'inherit' });
        child.once('exit', (code) => resolve({ exit: code }));
        child.on('message', (answer: object) => {
          if ('progress' in answer) return; // on a slow machine
          resolve(answer);
          child.kill();
        });
        child.postMessage(message);
      }),
    asked,
  );
  expect(reply as ReplyMessage).toMatchObject({
    ok: true,
    value: { kind: 'voc', images: 40, checked: 4, problemCount: 0 },
  });
  expect(launched.output()).not.toMatch(/GLib|GObject|Gtk/);
  expect(await launched.problems()).toEqual([]);
});

it('a folder of images that is dropped becomes those of a new search', async () => {
  await using launched = await launchApp();
  const { page } = launched;
  await page.getByRole('heading', { level: 1, name: 'Searches' }).waitFor();
  const folder = path.join(dist, 'assets/bccd');
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [folder], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', { type, x: 400, y: 300, data });
  }
  await page.getByRole('heading', { level: 1, name: 'New search' }).waitFor();
  const images = page.getByRole('group', { name: 'Images' });
  await images.getByText(folder, { exact: true }).waitFor();
  await images.getByText(/40 images/).waitFor();
  expect(await launched.problems()).toEqual([]);
});
