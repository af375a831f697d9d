/** The only file that listens to the window and the only one that talks to it. */
import { ipcMain, type BrowserWindow, type IpcMainInvokeEvent } from 'electron';
import {
  methods,
  type CallResult,
  type EventName,
  type EventPayload,
  type MethodName,
} from '../../preload/contract.ts';
import { answer, type AnswerOptions, type Handlers } from './answer.ts';
import { isOurPage } from './page.ts';

/** The windows of this app that are open. */
export type OpenWindows = () => readonly BrowserWindow[];

/** Registers every method of the contract, each on a channel of that name. */
export function registerHandlers(
  handlers: Handlers,
  windows: OpenWindows,
  options: AnswerOptions,
): void {
  for (const method of Object.keys(methods) as MethodName[]) {
    ipcMain.handle(method, (event, ...args: unknown[]) =>
      isOurs(event, windows()) ? answer(handlers, method, args, options) : unknownSender(method),
    );
  }
}

/** Only the page itself may call: no frame inside it, no other page, no window of another origin. */
function isOurs(event: IpcMainInvokeEvent, windows: readonly BrowserWindow[]): boolean {
  const frame = event.senderFrame;
  const window = windows.find((one) => one.webContents === event.sender);
  if (!frame || !window) return false; // the frame is gone, or was never one of ours
  return frame === window.webContents.mainFrame && isOurPage(frame.url);
}

function unknownSender(method: MethodName): CallResult<never> {
  return {
    ok: false,
    error: {
      code: 'unknown-sender',
      message: `The call ${method} did not come from the page of ZiCo Workbench.`,
      hint: 'Only the page of this app may call the main side.',
    },
  };
}

export type EmitEvent = <E extends EventName>(event: E, payload: EventPayload<E>) => void;

/** Sends events to our own pages only. */
export function createEmitter(windows: OpenWindows): EmitEvent {
  return (event, payload) => {
    for (const window of windows()) {
      if (window.isDestroyed() || !isOurPage(window.webContents.getURL())) continue;
      window.webContents.send(event, payload);
    }
  };
}
