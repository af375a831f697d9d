/** Every wall around a page by itself: in the whole app one wall often hides that another has gone. */
import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, it, vi } from 'vitest';

const opened = vi.hoisted(() => [] as string[]);
vi.mock('electron', () => ({
  shell: { openExternal: async (url: string) => void opened.push(url) },
}));
const { confinePages, confineSession, sandboxPages } =
  await import('../../../main/electron/security.ts');

type App = Parameters<typeof confinePages>[0];
type Session = Parameters<typeof confineSession>[0];
type Sandboxed = Parameters<typeof sandboxPages>[0];

const page = 'workbench://app/index.html';

describe('the sandbox', () => {
  it.each<{ switches: string[]; enabled: number }>([
    { switches: [], enabled: 1 },
    { switches: ['no-sandbox'], enabled: 0 },
  ])('is for every page, unless Chromium was started without any: $switches', (given) => {
    const enableSandbox = vi.fn();
    const hasSwitch = (name: string): boolean => given.switches.includes(name);
    sandboxPages({ commandLine: { hasSwitch }, enableSandbox } as unknown as Sandboxed);
    expect(enableSandbox).toHaveBeenCalledTimes(given.enabled);
  });
});

describe('a page, also one that nobody meant to make,', () => {
  type OpenHandler = (details: { url: string }) => unknown;
  let contents: EventEmitter & { opens?: OpenHandler };
  beforeEach(() => {
    opened.length = 0;
    const app = new EventEmitter();
    confinePages(app as App);
    contents = Object.assign(new EventEmitter(), {
      setWindowOpenHandler(handler: OpenHandler) {
        contents.opens = handler;
      },
    });
    app.emit('web-contents-created', {}, contents);
  });

  /** Whether the event is let through. */
  function passes(event: string, details: object = {}): boolean {
    const preventDefault = vi.fn();
    contents.emit(event, { preventDefault, ...details });
    return preventDefault.mock.calls.length === 0;
  }

  it.each([
    ['http://example.org/', true, []],
    ['https://example.org/code', true, ['https://example.org/code']],
    ['file:///etc/passwd', true, []],
    ['workbench://app/other.html', true, []],
    ['https://example.org/frame', false, []], // a frame is no link that a person pressed
    [page, false, []],
    ['nonsense', true, []],
  ])('does not go to %s (as the page itself: %s)', (url, isMainFrame, browser) => {
    expect(passes('will-frame-navigate', { url, isMainFrame })).toBe(false);
    expect(opened).toEqual(browser);
  });

  it('may be loaded again, also at a place of it', () => {
    expect(passes('will-frame-navigate', { url: page, isMainFrame: true })).toBe(true);
    const place = `${page}#/run/1`;
    expect(passes('will-frame-navigate', { url: place, isMainFrame: true })).toBe(true);
  });

  it('is not redirected and holds no web view', () => {
    expect(passes('will-redirect', { url: page })).toBe(false);
    expect(passes('will-attach-webview')).toBe(false);
  });

  it.each([
    ['https://example.org/paper', ['https://example.org/paper']],
    ['http://example.org/', []],
    ['mailto:a@example.org', []],
    [page, []],
  ])('opens no window for %s', (url, browser) => {
    expect(contents.opens?.({ url })).toEqual({ action: 'deny' });
    expect(opened).toEqual(browser);
  });
});

describe('the session', () => {
  const handlers: Record<string, (...args: never[]) => unknown> = {};
  const keep =
    (name: string) =>
    (...args: unknown[]): void => {
      handlers[name] = args.at(-1) as (typeof handlers)[string];
    };
  confineSession({
    setPermissionRequestHandler: keep('request'),
    setPermissionCheckHandler: keep('check'),
    setDevicePermissionHandler: keep('device'),
    webRequest: { onBeforeRequest: keep('load') },
    on: keep('download'),
  } as unknown as Session);
  const ask = (name: string, ...args: unknown[]): unknown =>
    (handlers[name] as (...given: unknown[]) => unknown)(...args);

  const permissions = [
    ...['media', 'geolocation', 'notifications', 'midi', 'midiSysex', 'pointerLock', 'fullscreen'],
    ...['openExternal', 'clipboard-read', 'display-capture', 'window-management', 'fileSystem'],
    ...['hid', 'serial', 'usb', 'idle-detection', 'storage-access', 'keyboardLock', 'unknown'],
  ];
  /** What the page, or somebody else, is answered. */
  function granted(permission: string, { at = page, from = page, isMainFrame = true } = {}) {
    let answer: unknown;
    const callback = (given: boolean): void => void (answer = given);
    const contents = { getURL: () => at };
    ask('request', contents, permission, callback, { requestingUrl: from, isMainFrame });
    return answer;
  }

  it.each(permissions)('grants no %s', (permission) => {
    expect(granted(permission)).toBe(false);
    expect(ask('check', null, permission, 'workbench://app')).toBe(false);
  });

  it('lets the page write to the clipboard, and nobody else', () => {
    const write = 'clipboard-sanitized-write';
    expect(granted(write)).toBe(true);
    expect(granted(write, { at: 'https://example.org/' })).toBe(false);
    expect(granted(write, { from: 'https://example.org/' })).toBe(false);
    expect(granted(write, { isMainFrame: false })).toBe(false);
    expect(ask('check', null, write, 'workbench://app')).toBe(true);
    expect(ask('check', null, write, 'https://example.org')).toBe(false);
  });

  it('opens no device', () => {
    expect(ask('device', {})).toBe(false);
  });

  it.each([
    ['https://example.org/a.js', true],
    ['http://127.0.0.1:1/', true],
    ['ws://example.org/', true],
    ['file:///etc/passwd', true],
    ['ftp://example.org/', true],
    [page, false],
    ['blob:workbench://app/1', false],
    ['data:text/plain,a', false],
  ])('loads %s: cancelled %s', (url, cancel) => {
    const callback = vi.fn();
    ask('load', { url }, callback);
    expect(callback).toHaveBeenCalledExactlyOnceWith({ cancel });
  });

  it('downloads nothing', () => {
    const preventDefault = vi.fn();
    ask('download', { preventDefault });
    expect(preventDefault).toHaveBeenCalledOnce();
  });
});
