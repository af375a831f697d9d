/** `npm start`: builds when needed and opens the window, saying what it does. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { electronRuntime, runtimeIsAvailable } from './electron.ts';
import { run } from './run.ts';

const root = path.join(import.meta.dirname, '..', '..');
const electronPackage = path.join(root, 'node_modules', 'electron');

/** A slow line gets the 120 MB in this time; a network that swallows packets costs no more. */
const downloadLimitMs = 180_000;

try {
  process.exitCode = await start();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

async function start(): Promise<number> {
  if (process.platform === 'linux' && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']) {
    console.error('There is no display. On a machine without a screen: xvfb-run -a npm start');
    return 1;
  }
  if (!existsSync(path.join(root, 'dist/main/electron.js'))) await build();
  const executable = (await officialElectron()) ?? (await fetchedElectron());
  return open(executable);
}

async function build(): Promise<void> {
  console.log('Building, since dist/ is not complete.');
  const vite = path.join(root, 'node_modules/vite/bin/vite.js');
  await run(process.execPath, [vite, 'build', '--app'], { cwd: root });
  if (!existsSync(path.join(root, 'dist/main/electron.js'))) {
    throw new Error('The build made no dist/main/electron.js: run `npm run build` to see why.');
  }
}

/** The Electron that package.json declares, downloaded when it is not there; undefined where it cannot be had. */
async function officialElectron(): Promise<string | undefined> {
  const { version } = JSON.parse(
    readFileSync(path.join(electronPackage, 'package.json'), 'utf8'),
  ) as { version: string };
  if (!installedElectron()) {
    console.log(`Downloading Electron ${version} (at most ${downloadLimitMs / 1000} s).`);
    try {
      const installer = path.join(electronPackage, 'install.js');
      await run(process.execPath, [installer], { cwd: root, limitMs: downloadLimitMs });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      console.error(`Electron ${version} could not be downloaded. ${firstLines(message)}`);
      return undefined;
    }
  }
  return installedElectron();
}

/** Where the electron package keeps its binary: path.txt is written once it is complete. */
function installedElectron(): string | undefined {
  const pathFile = path.join(electronPackage, 'path.txt');
  if (!existsSync(pathFile)) return undefined;
  const executable = path.join(electronPackage, 'dist', readFileSync(pathFile, 'utf8'));
  return existsSync(executable) ? executable : undefined;
}

async function fetchedElectron(): Promise<string> {
  if (!runtimeIsAvailable()) {
    throw new Error(
      'Without that download the window cannot open on this platform. Check the network or set ' +
        'ELECTRON_MIRROR to a mirror that can be reached, then run npm start again. ' +
        'The command line works without: npx zico --help',
    );
  }
  console.log(
    'Using the Electron 33 of the tests instead, from the npm registry. ' +
      'It is out of support: good for a look, not for daily work.',
  );
  return path.join(await electronRuntime(console.log), 'electron');
}

async function open(executable: string): Promise<number> {
  const args = [root, ...process.argv.slice(2)];
  if (process.platform === 'linux' && process.getuid?.() === 0) {
    console.log('Running as root, where Chromium refuses its sandbox: adding --no-sandbox.');
    args.unshift('--no-sandbox');
  }
  const child = spawn(executable, args, { cwd: root, stdio: 'inherit' });
  // Ctrl+C and a supervisor's signal are meant for the window; this process ends when that has.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      resolve(code ?? 1);
    });
  });
}

function firstLines(message: string): string {
  return message.split('\n').slice(0, 3).join('\n');
}
