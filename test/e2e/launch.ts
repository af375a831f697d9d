/** Starts the built product in the real Electron, as a person would, and listens for what goes wrong. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import {
  _electron,
  type ConsoleMessage,
  type ElectronApplication,
  type Page,
} from 'playwright-core';
import { electronRuntime, runtimeIsAvailable } from '../runtime/electron.ts';

const root = path.join(import.meta.dirname, '..', '..');

/** Shorter than the time limit of a test, so that a start that hangs is told and cleaned up. */
const startLimitMs = 25_000;

export interface LaunchOptions {
  /** Folder with the application's package.json; the product by default. */
  readonly appFolder?: string;
  /** A packaged app's executable, which carries its application; elsewhere the Electron of the tests starts. */
  readonly executable?: string;
  /** Chromium's sandbox is on, which it cannot be for root. */
  readonly sandbox?: boolean;
  /** Further arguments, as on the command line. */
  readonly args?: readonly string[];
  /** Set beside the environment of the test; undefined takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Settings folder to start with, which is kept; by default a fresh one, removed on close. */
  readonly userData?: string;
}

export interface LaunchedApp extends AsyncDisposable {
  readonly app: ElectronApplication;
  readonly page: Page;
  readonly userData: string;
  /** Uncaught errors and console errors of every window so far, each text once; a good test ends with none. */
  problems(): Promise<string[]>;
  /** What the main process has written to stdout and stderr since the launch returned to the test. */
  output(): string;
  close(): Promise<void>;
}

/**
 * Launches and waits for the first window. `await using launched = await launchApp()` closes it even
 * when the test fails.
 *
 * @throws Error when the product has not been built or Electron does not start
 */
export async function launchApp(options: LaunchOptions = {}): Promise<LaunchedApp> {
  const appFolder = options.appFolder ?? root;
  if (
    !options.executable &&
    appFolder === root &&
    !existsSync(path.join(root, 'dist/main/electron.js'))
  ) {
    throw new Error('dist/main/electron.js is missing: run `npm run build` first.');
  }
  const userData = options.userData ?? (await mkdtemp(path.join(os.tmpdir(), 'zico-e2e-')));
  const discard = async (): Promise<void> => {
    if (!options.userData) await rm(userData, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    return await start(appFolder, userData, options, discard);
  } catch (error) {
    await discard();
    throw error;
  }
}

async function start(
  appFolder: string,
  userData: string,
  options: LaunchOptions,
  discard: () => Promise<void>,
): Promise<LaunchedApp> {
  const app = await _electron.launch({
    executablePath: options.executable ?? (await electronExecutable()),
    args: [
      ...(options.executable ? [] : [appFolder]),
      `--user-data-dir=${userData}`,
      ...(options.args ?? []),
    ],
    env: environment(options.env),
    cwd: appFolder,
    chromiumSandbox: options.sandbox ?? false,
    timeout: startLimitMs,
  });

  const written: string[] = [];
  app.process().stdout?.on('data', (chunk: Buffer) => written.push(chunk.toString()));
  app.process().stderr?.on('data', (chunk: Buffer) => written.push(chunk.toString()));
  const output = (): string => written.join('');

  const problems = listenForProblems(app);

  const close = async (): Promise<void> => {
    await app.close();
    await discard();
  };
  try {
    const page = await app.firstWindow({ timeout: startLimitMs });
    await page.waitForLoadState();
    return { app, page, userData, problems, output, close, [Symbol.asyncDispose]: close };
  } catch (error) {
    app.process().kill('SIGKILL');
    throw new Error(`No window appeared. The main process wrote:\n${output()}`, { cause: error });
  }
}

/**
 * A window may report before anyone can listen (the application runs while the launch returns), and a
 * closed window cannot be asked any more: so this listens, and asks as well.
 */
function listenForProblems(app: ElectronApplication): () => Promise<string[]> {
  const uncaught = (error: Error): string => `uncaught: ${error.stack ?? error.message}`;
  const logged = (message: ConsoleMessage): string[] =>
    message.type() === 'error' ? [`console: ${message.text()}`] : [];

  const heard = new Set<string>();
  app.context().on('weberror', (error) => heard.add(uncaught(error.error())));
  app.context().on('console', (message) => logged(message).forEach((text) => heard.add(text)));

  return async () => {
    for (const page of app.windows()) {
      for (const error of await page.pageErrors({ filter: 'all' })) heard.add(uncaught(error));
      for (const message of await page.consoleMessages({ filter: 'all' })) {
        logged(message).forEach((text) => heard.add(text));
      }
    }
    return [...heard];
  };
}

/** The fetched runtime where there is one, elsewhere the binary of the electron package. */
async function electronExecutable(): Promise<string> {
  if (runtimeIsAvailable()) return path.join(await electronRuntime(console.error), 'electron');
  return createRequire(import.meta.url)('electron') as string;
}

function environment(changes: LaunchOptions['env']): Record<string, string> {
  // Vitest marks its processes as test runs; the product should not notice that it is one.
  const wanted: NodeJS.ProcessEnv = { ...process.env, ...changes };
  const entries = Object.entries(wanted).filter(([name]) => !/^(NODE_ENV|VITEST.*)$/.test(name));
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => !!entry[1]));
}
