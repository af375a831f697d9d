import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Handlers } from '../../../main/electron/answer.ts';
import type { OpenWindows } from '../../../main/electron/register.ts';
import { methods } from '../../../preload/contract.ts';

type OurWindow = ReturnType<OpenWindows>[number];
type Listener = (event: { sender: unknown; senderFrame: unknown }, ...args: unknown[]) => unknown;
const channels = vi.hoisted(() => new Map<string, unknown>());
vi.mock('electron', () => ({
  ipcMain: {
    handle: (channel: string, listener: unknown) => void channels.set(channel, listener),
  },
}));
const { createEmitter, registerHandlers } = await import('../../../main/electron/register.ts');

const page = 'workbench://app/index.html';

/** A window whose page has that address, as far as the registration looks at it. */
function windowAt(url: string) {
  const mainFrame = { url };
  const sent: unknown[][] = [];
  const webContents = {
    mainFrame,
    getURL: () => url,
    send: (...message: unknown[]) => sent.push(message),
  };
  const window = { webContents, isDestroyed: () => false } as unknown as OurWindow;
  return { window, webContents, mainFrame, sent };
}

describe('registering the contract', () => {
  const ours = windowAt(page);
  const list = vi.fn(async () => []);
  const call = (sender: unknown, senderFrame: unknown): unknown =>
    (channels.get('runs.list') as Listener)({ sender, senderFrame });

  beforeEach(() => {
    channels.clear();
    list.mockClear();
    const handlers = { 'runs.list': list } as unknown as Handlers;
    registerHandlers(handlers, () => [ours.window], { checkResults: true });
  });

  it('listens to every method and to nothing else', () => {
    expect([...channels.keys()].sort()).toEqual(Object.keys(methods).sort());
  });

  it('answers the page', async () => {
    expect(await call(ours.webContents, ours.mainFrame)).toEqual({ ok: true, value: [] });
  });

  const stranger = windowAt(page);
  const led = windowAt('https://example.org/index.html');
  it.each([
    ['a frame inside the page', ours.webContents, { url: page }],
    ['a frame that has gone', ours.webContents, null],
    ['a window that is not ours', stranger.webContents, stranger.mainFrame],
  ])('refuses %s', async (_who, sender, frame) => {
    expect(await call(sender, frame)).toMatchObject({ error: { code: 'unknown-sender' } });
    expect(list).not.toHaveBeenCalled();
  });

  it('refuses our own window when it was led to another page', async () => {
    channels.clear();
    const handlers = { 'runs.list': list } as unknown as Handlers;
    registerHandlers(handlers, () => [led.window], { checkResults: true });
    expect(await call(led.webContents, led.mainFrame)).toMatchObject({
      error: { code: 'unknown-sender' },
    });
  });

  it('sends events to our pages only', () => {
    const payload = { run: 'r', revision: 1 };
    createEmitter(() => [ours.window, led.window])('run.changed', payload);
    expect(ours.sent).toEqual([['run.changed', payload]]);
    expect(led.sent).toEqual([]);
  });
});
