/** Opens the product the way every scenario starts: its own settings and runs, and no questions on closing. */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Bridge } from '../../../preload/contract.ts';
import { launchApp, type LaunchedApp, type LaunchOptions } from '../launch.ts';

declare global {
  interface Window {
    readonly workbench: Bridge;
  }
}

/** A folder that outlives a window: quit and open again to find what was there. */
export interface Home extends AsyncDisposable {
  readonly folder: string;
  readonly runsFolder: string;
  open(options?: Pick<LaunchOptions, 'executable' | 'args' | 'env'>): Promise<LaunchedApp>;
}

export async function createHome(): Promise<Home> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'zico-home-'));
  const runsFolder = path.join(folder, 'runs');
  return {
    folder,
    runsFolder,
    open: (options = {}) =>
      launchApp({
        ...options,
        userData: path.join(folder, 'settings'),
        env: { ZICO_TEST: '1', ZICO_RUNS_FOLDER: runsFolder, ...options.env },
      }),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
}
