import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { ElectronApplication } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CallResult } from '../../preload/contract.ts';
import type { LaunchedApp } from './launch.ts';
import { createHome, type Home } from './pages/open.ts';

/** The bridge as a hostile page sees it: without types. */
type Untyped = (method: unknown, ...args: unknown[]) => Promise<CallResult<unknown>>;

let home: Home;
let launched: LaunchedApp;
let elsewhere: Server;
let elsewhereUrl: string;
/** How often a page reached the other server. */
let visits = 0;

beforeAll(async () => {
  elsewhere = createServer((_request, response) => {
    visits += 1;
    response.setHeader('access-control-allow-origin', '*');
    response.end('elsewhere');
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => elsewhere.once('listening', resolve));
  elsewhereUrl = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`;
  home = await createHome();
  launched = await home.open();
  await recordOpenedLinks(launched.app);
});
afterAll(async () => {
  await launched?.close();
  await home?.[Symbol.asyncDispose]();
  elsewhere?.close();
});

/** Keeps the person's browser shut and remembers what it would have shown. */
async function recordOpenedLinks(app: ElectronApplication): Promise<void> {
  await app.evaluate(({ shell }) => {
    const opened: string[] = [];
    Object.assign(globalThis, { openedLinks: opened });
    shell.openExternal = async (url) => void opened.push(url);
  });
}

const openedLinks = (): Promise<string[]> =>
  launched.app.evaluate(() => {
    const { openedLinks } = globalThis as unknown as { openedLinks: string[] };
    return openedLinks.splice(0);
  });

const call = (method: unknown, ...args: unknown[]): Promise<CallResult<unknown>> =>
  launched.page.evaluate(
    ([name, rest]) => (window.workbench.call as unknown as Untyped)(name, ...rest),
    [method, args] as const,
  );

describe('the page', () => {
  it('has no Node and no Electron', async () => {
    const found = await launched.page.evaluate(() =>
      ['require', 'process', 'module', 'Buffer', 'global', 'ipcRenderer', 'electron'].filter(
        (name) => name in window,
      ),
    );
    expect(found).toEqual([]);
  });

  it('runs in the sandbox, isolated from its preload', async () => {
    const preferences = await launched.app.evaluate(({ webContents }) =>
      webContents.getAllWebContents().map((contents) => {
        // Not documented, and the only way to see what a page was really given.
        const asked = contents as unknown as {
          getLastWebPreferences(): Record<string, unknown>;
        };
        const { sandbox, contextIsolation, nodeIntegration, webviewTag, webSecurity } =
          asked.getLastWebPreferences();
        return { sandbox, contextIsolation, nodeIntegration, webviewTag, webSecurity };
      }),
    );
    expect(preferences).toEqual([
      {
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        webviewTag: false,
        webSecurity: true,
      },
    ]);
  });

  it('cannot change the bridge', async () => {
    const changed = await launched.page.evaluate(() => {
      'use strict';
      const attempts = [
        () => Object.assign(window, { workbench: {} }),
        () => Object.assign(window.workbench, { call: () => undefined }),
        () => Object.assign(window.workbench, { extra: true }),
      ];
      return attempts.filter((attempt) => {
        try {
          attempt();
          return true;
        } catch {
          return false;
        }
      }).length;
    });
    expect(changed).toBe(0);
    const state = await launched.page.evaluate(() => ({
      frozen: Object.isFrozen(window.workbench),
      names: Object.keys(window.workbench).sort(),
    }));
    expect(state).toEqual({
      frozen: true,
      names: ['call', 'drop', 'dropData', 'dropGraph', 'dropTrained', 'on'],
    });
  });

  it('runs no inline script, no eval and no script from elsewhere', async () => {
    const ran = await launched.page.evaluate(async (url) => {
      const loads = (script: HTMLScriptElement): Promise<boolean> =>
        new Promise((resolve) => {
          script.onload = () => resolve(true);
          script.onerror = () => resolve(false);
          document.head.append(script);
          setTimeout(() => resolve(false), 1000);
        });
      const inline = document.createElement('script');
      inline.textContent = 'window.inlineRan = true';
      document.head.append(inline);
      const remote = document.createElement('script');
      remote.src = url;
      return { inline: 'inlineRan' in window, remote: await loads(remote) };
    }, elsewhereUrl);
    expect(ran).toEqual({ inline: false, remote: false });
    const policy = await launched.app.evaluate(async ({ session }) => {
      const page = await session.defaultSession.fetch('workbench://app/index.html');
      return page.headers.get('content-security-policy');
    });
    expect(policy).toContain("default-src 'none'");
  });

  it('reaches no other host', async () => {
    const reached = await launched.page.evaluate(
      (url) =>
        fetch(url).then(
          () => true,
          () => false,
        ),
      elsewhereUrl,
    );
    expect(reached).toBe(false);
    expect(visits).toBe(0);
  });

  it('reaches no other host even where its policy would let it', async () => {
    const answers = await launched.app.evaluate(
      ({ session }, url) =>
        session.defaultSession.fetch(url).then(
          () => 'reached',
          (error: Error) => error.message,
        ),
      elsewhereUrl,
    );
    expect(answers).toMatch(/BLOCKED_BY_CLIENT/);
    expect(visits).toBe(0);
  });

  it('reads no file of this computer', async () => {
    const shown = await launched.page.evaluate(async () => {
      const tries = ['file:///etc/hostname', '/../package.json', '/%2e%2e%2fmain/electron.js'];
      const loads = (url: string): Promise<boolean> =>
        fetch(url).then(
          (response) => response.ok,
          () => false,
        );
      return (await Promise.all(tries.map(loads))).filter(Boolean).length;
    });
    expect(shown).toBe(0);
    const statuses = await launched.app.evaluate(async ({ session }) => {
      const urls = ['workbench://app/index.html', 'workbench://app/%2e%2e%2fmain/electron.js'];
      const answers = await Promise.all(urls.map((url) => session.defaultSession.fetch(url)));
      return answers.map(({ status }) => status);
    });
    expect(statuses).toEqual([200, 404]);
  });
});

describe('calls', () => {
  it('are answered', async () => {
    expect(await call('runs.list')).toMatchObject({ ok: true });
  });

  it.each([
    ['runs.view'],
    ['runs.view', { run: 5 }],
    ['runs.view', { run: 'x', path: '/etc/passwd' }],
    ['runs.candidates', { run: 'x', after: -1, most: 9 }],
    ['search.start', { name: 'x', settings: {} }],
    ['app.describe', 'something'],
  ])('with wrong arguments are refused: %s %o', async (method, ...args) => {
    expect(await call(method, ...args)).toMatchObject({ error: { code: 'bad-arguments' } });
  });

  it('with what cannot be cloned are refused', async () => {
    const answer = await launched.page.evaluate(() =>
      (window.workbench.call as unknown as Untyped)('runs.view', { run: () => 1 }),
    );
    expect(answer).toMatchObject({ error: { code: 'bad-arguments' } });
  });

  it('to anything outside the contract go nowhere', async () => {
    expect(await call('constructor')).toMatchObject({ error: { code: 'unknown-method' } });
    expect(await call('ELECTRON_BROWSER_GET_BUILTIN')).toMatchObject({ ok: false });
  });

  it('cannot name a file', async () => {
    const answer = await call('runs.candidates', { run: '/etc/passwd', after: 0, most: 9 });
    expect(answer).toMatchObject({ error: { code: 'unknown-run' } });
  });

  it('from a frame inside the page are impossible: an empty one has no bridge', async () => {
    const names = await launched.page.evaluate(() => {
      const frame = document.createElement('iframe'); // of the page's own origin
      document.body.append(frame);
      const found = ['workbench', 'require'].filter((name) => name in (frame.contentWindow ?? {}));
      frame.remove();
      return found;
    });
    expect(names).toEqual([]);
  });

  it('from a frame inside the page are impossible: the page does not load in a frame', async () => {
    const title = await launched.page.evaluate(async () => {
      const frame = document.createElement('iframe');
      frame.src = location.href;
      const loaded = new Promise((resolve) => {
        frame.onload = resolve;
        setTimeout(resolve, 1000);
      });
      document.body.append(frame);
      await loaded;
      // Null where the browser shows its own error page, which belongs to another origin.
      const shown = frame.contentDocument?.title ?? null;
      frame.remove();
      return shown;
    });
    expect(title === null || title === '').toBe(true);
  });

  it('from another window are refused, even with our preload', async () => {
    const preload = path.join(await appPath(), 'dist/preload/preload.cjs');
    expect(existsSync(preload)).toBe(true);
    const answer = await launched.app.evaluate(async ({ BrowserWindow }, script) => {
      const stranger = new BrowserWindow({
        show: false,
        webPreferences: { preload: script, sandbox: true },
      });
      await stranger.loadURL('data:text/html,<h1>stranger</h1>');
      const result: unknown = await stranger.webContents.executeJavaScript(
        "window.workbench.call('runs.list')",
      );
      stranger.destroy();
      return result;
    }, preload);
    expect(answer).toMatchObject({ ok: false, error: { code: 'unknown-sender' } });
  });
});

describe('leaving the page', () => {
  /** Where the page is after it has tried to leave. */
  async function after(attempt: (url: string) => void, url = elsewhereUrl): Promise<string> {
    await launched.page.evaluate(attempt, url);
    await new Promise((resolve) => setTimeout(resolve, 300));
    return launched.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()
        .map((window) => window.webContents.getURL())
        .join(' '),
    );
  }
  const page = /^workbench:\/\/app\/index\.html(#\S*)?$/;

  it('is refused by address, by link and by form', async () => {
    expect(await after((url) => void (location.href = url))).toMatch(page);
    expect(
      await after((url) => {
        const link = document.createElement('a');
        link.href = url;
        document.body.append(link);
        link.click();
        link.remove();
      }),
    ).toMatch(page);
    expect(await after(() => void (location.href = 'file:///etc/passwd'))).toMatch(page);
    expect(visits).toBe(0);
    expect(await openedLinks()).toEqual([]); // http is not opened in the browser either
  });

  it('is refused by a new window', async () => {
    const opened = await launched.page.evaluate((url) => window.open(url) !== null, elsewhereUrl);
    expect(opened).toBe(false);
    expect(await after((url) => void window.open(url))).toMatch(page);
    expect(await openedLinks()).toEqual([]);
  });

  it('opens https links in the browser, and no other scheme', async () => {
    await after((url) => void window.open(url), 'https://example.org/paper');
    await after((url) => void (location.href = url), 'https://example.org/code');
    for (const url of ['http://example.org/', 'file:///etc/passwd', 'mailto:a@example.org']) {
      await after((target) => void window.open(target), url);
    }
    expect(await openedLinks()).toEqual(['https://example.org/paper', 'https://example.org/code']);
  });
});

describe('permissions', () => {
  it('are denied', async () => {
    const answers = await launched.page.evaluate(async () => {
      const refused = (asking: Promise<unknown>): Promise<string> =>
        asking.then(
          (answer) => `granted ${JSON.stringify(answer)}`,
          () => 'refused',
        );
      return {
        notifications: await Notification.requestPermission(),
        microphone: await refused(navigator.mediaDevices.getUserMedia({ audio: true })),
        location: await refused(
          new Promise((resolve, reject) =>
            navigator.geolocation.getCurrentPosition(resolve, reject),
          ),
        ),
        clipboard: await refused(navigator.clipboard.readText()),
      };
    });
    expect(answers).toEqual({
      notifications: 'denied',
      microphone: 'refused',
      location: 'refused',
      clipboard: 'refused',
    });
  });
});

const appPath = (): Promise<string> => launched.app.evaluate(({ app }) => app.getAppPath());
