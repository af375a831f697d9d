import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchApp } from './launch.ts';

/**
 * The smallest application that leans on what the product leans on. It does not await whenReady at top
 * level: Electron holds ready back until the main file has finished, so that would wait for ever.
 */
const mainFile = `
import { app, BrowserWindow, protocol } from 'electron';
protocol.registerSchemesAsPrivileged([{ scheme: 'tiny', privileges: { standard: true } }]);
const html = '<h1>Tiny</h1><script>console.error("from the page"); setTimeout(() => { throw new Error("thrown") })</script>';
app.whenReady().then(() => {
  protocol.handle('tiny', () => new Response(html, { headers: { 'content-type': 'text/html' } }));
  return new BrowserWindow({ webPreferences: { sandbox: true } }).loadURL('tiny://app/');
});
`;

describe('the Electron runtime of the tests', () => {
  let appFolder: string;
  beforeAll(() => {
    appFolder = mkdtempSync(path.join(os.tmpdir(), 'zico-tiny-app-'));
    const manifest = { name: 'tiny', productName: 'Tiny', version: '1.2.3', main: 'main.mjs' };
    writeFileSync(path.join(appFolder, 'package.json'), JSON.stringify(manifest));
    writeFileSync(path.join(appFolder, 'main.mjs'), mainFile);
  });
  afterAll(() => {
    rmSync(appFolder, { recursive: true });
  });

  it('runs the main file before ready and knows the application by name', async () => {
    await using tiny = await launchApp({ appFolder });
    expect(await tiny.page.locator('h1').textContent()).toBe('Tiny');
    const known = await tiny.app.evaluate(({ app }) => ({
      name: app.getName(),
      version: app.getVersion(),
      folder: app.getAppPath(),
      userData: app.getPath('userData'),
      packaged: app.isPackaged,
    }));
    expect(known).toEqual({
      name: 'Tiny',
      version: '1.2.3',
      folder: appFolder,
      userData: tiny.userData,
      packaged: false,
    });
  });

  it('reports what goes wrong in a page, however early', async () => {
    await using tiny = await launchApp({ appFolder });
    await expect.poll(() => tiny.problems()).toHaveLength(2);
    const told = (await tiny.problems()).join('\n');
    expect(told).toMatch(/console: from the page/);
    expect(told).toMatch(/uncaught: Error: thrown/);
  });

  it('hears what the main process writes', async () => {
    await using tiny = await launchApp({ appFolder });
    await tiny.app.evaluate(() => {
      console.log('from the main process');
    });
    await expect.poll(() => tiny.output()).toContain('from the main process');
  });
});
