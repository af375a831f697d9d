/** What a page of this app is given, whatever Electron's defaults are in the version that runs it. */
import { describe, expect, it, vi } from 'vitest';

const made = vi.hoisted(() => [] as { webPreferences: object; minWidth: number }[]);
vi.mock('electron', () => ({
  nativeTheme: { shouldUseDarkColors: false },
  screen: { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1280, height: 800 } }] },
  BrowserWindow: class {
    constructor(options: (typeof made)[number]) {
      made.push(options);
    }
    once(): void {}
    on(): void {}
    maximize(): void {}
    async loadURL(url: string): Promise<void> {
      Object.assign(made[0]!, { url });
    }
  },
}));
const { createWindow } = await import('../../../main/electron/window.ts');

describe('the window', () => {
  it('is a sandboxed page of its own world, without Node, web views and dictionaries', () => {
    createWindow({
      preload: '/dist/preload.cjs',
      icon: '/icon.png',
      boundsFile: '/nowhere/bounds.json',
    });
    expect(made[0]).toMatchObject({ url: 'workbench://app/index.html' });
    expect(made[0]!.webPreferences).toEqual({
      preload: '/dist/preload.cjs',
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
      backgroundThrottling: false,
    });
  });
});
