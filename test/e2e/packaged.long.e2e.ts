/** The packaged app as a person gets it: what is in it, what is switched off, and that it does its job. */
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, existsSync, globSync, lstatSync, openSync, readSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAdbServer } from '../phone/adb-server.ts';
import { startPhone } from '../phone/phone.ts';
import type { LaunchedApp } from './launch.ts';
import { answerDialogs } from './pages/dialogs.ts';
import { NewSearchPage, smallSearch } from './pages/new-search.ts';
import { createHome, type Home } from './pages/open.ts';
import { PhonesPage } from './pages/phones.ts';
import { RunPage } from './pages/run.ts';
import { ScorePage } from './pages/score.ts';
import { writeStoredRun } from './stored-run.ts';

const root = path.join(import.meta.dirname, '..', '..');
/** Larger than anything the packaging has taken, shorter than a person would wait. */
const packagingLimitMs = 480_000;

let scratch: string;
/** As it is given away, and with the inspector on, through which the tests drive it. */
let released: string;
let driven: string;
/** What the packaging printed of each. */
const sizes: string[] = [];
/** Where the driven package looks for newer versions of itself. */
let updates: Server;
/** What it finds there. */
const newer = Buffer.from('a newer version');

beforeAll(async () => {
  scratch = await mkdtemp(path.join(os.tmpdir(), 'zico-packaged-'));
  released = makePackage('released', []);
  updates = createServer(answerUpdate).listen(0, '127.0.0.1');
  await once(updates, 'listening');
  const url = `http://127.0.0.1:${(updates.address() as AddressInfo).port}/`;
  driven = makePackage('driven', ['--for-tests', '--updates', url]);
}, 2 * packagingLimitMs);
afterAll(async () => {
  updates?.close();
  await rm(scratch, { recursive: true, force: true, maxRetries: 5 });
});

const answerUpdate: RequestListener = (request, response) => {
  const found = request.url?.includes('latest-linux.yml') ?? false;
  const sha512 = createHash('sha512').update(newer).digest('base64');
  const description = {
    version: '9.9.9',
    files: [{ url: 'newer.AppImage', sha512, size: newer.length }],
    path: 'newer.AppImage',
    sha512,
    releaseDate: '2026-01-01T00:00:00.000Z',
  };
  response.end(found ? JSON.stringify(description) : newer);
};

/** @returns the folder of the packaged app */
function makePackage(name: string, options: readonly string[]): string {
  const output = path.join(scratch, name);
  const script = path.join(root, 'test/runtime/package.ts');
  const args = [script, '--no-build', '--output', output, ...options];
  // Throws when the package has outgrown what it may weigh.
  const told = execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8', stdio: 'pipe' });
  sizes.push(told.trim().split('\n').slice(-2).join('\n'));
  console.log(sizes.at(-1));
  return path.join(output, 'linux-unpacked');
}

const executableOf = (folder: string): string => path.join(folder, 'zico-workbench');

describe('the package', () => {
  it('carries native libraries of this platform and no other', () => {
    const elsewhere: string[] = [];
    let own = 0;
    for (const name of globSync('**/*', { cwd: driven })) {
      const kind = libraryKind(path.join(driven, name));
      if (kind === thisPlatform) own += 1;
      else if (kind !== null) elsewhere.push(`${name}: ${kind}`);
    }
    expect(elsewhere).toEqual([]);
    expect(own).toBeGreaterThan(5);
  });

  it('carries every engine that was built', () => {
    const unpacked = path.join(driven, 'resources/app.asar.unpacked');
    const has = (pattern: string): boolean => globSync(pattern, { cwd: unpacked }).length > 0;
    expect(has('node_modules/onnxruntime-node/bin/*/*/*/libonnxruntime.so*')).toBe(true);
    for (const file of ['onednn.node', 'libdnnl.so.*', 'onednn.json']) {
      expect(has(`dist/native/${file}`)).toBe(
        existsSync(path.join(root, 'dist/native/onednn.node')),
      );
    }
  });

  it('starts nothing but its own application once it is released', async () => {
    const wire = await getCurrentFuseWire(executableOf(released));
    const state = (fuse: FuseV1Options): string => String.fromCharCode(wire[fuse] ?? 0);
    const off = [
      FuseV1Options.RunAsNode,
      FuseV1Options.EnableNodeOptionsEnvironmentVariable,
      FuseV1Options.EnableNodeCliInspectArguments,
      FuseV1Options.GrantFileProtocolExtraPrivileges,
    ];
    expect(off.map(state)).toEqual(['0', '0', '0', '0']);
    const on = [
      FuseV1Options.EnableCookieEncryption,
      FuseV1Options.EnableEmbeddedAsarIntegrityValidation,
      FuseV1Options.OnlyLoadAppFromAsar,
    ];
    expect(on.map(state)).toEqual(['1', '1', '1']);
  });

  it('says what it weighs beyond Electron, and weighs less than 130 MB', () => {
    expect(sizes).toHaveLength(2); // the released one and the driven one
    for (const told of sizes) {
      const [, added, allowed] = /beyond Electron itself: (\d+) MB of (\d+) MB/.exec(told) ?? [];
      expect(Number(allowed)).toBe(130);
      expect(Number(added)).toBeGreaterThan(10);
      expect(Number(added)).toBeLessThanOrEqual(130);
    }
  });

  it('is no Node for whoever sets ELECTRON_RUN_AS_NODE', async () => {
    const outcome = await runBriefly(['--version'], { ELECTRON_RUN_AS_NODE: '1' });
    expect(outcome.output).not.toMatch(/^v\d+\.\d+\.\d+\s*$/m);
  });

  it('opens no inspector and takes no NODE_OPTIONS', async () => {
    const args = ['--inspect=127.0.0.1:0', `--user-data-dir=${path.join(scratch, 'inspected')}`];
    const outcome = await runBriefly(args, { NODE_OPTIONS: '--inspect=127.0.0.1:0' });
    expect(outcome.output).not.toMatch(/Debugger listening/);
    // The same question to the package that keeps the inspector, so that silence means something.
    const open = await runBriefly(args, {}, driven);
    expect(open.output).toMatch(/Debugger listening/);
  });
});

describe('the packaged app', () => {
  let home: Home;
  let launched: LaunchedApp;
  beforeAll(async () => {
    home = await createHome();
    launched = await home.open({ executable: executableOf(driven) });
  });
  afterAll(async () => {
    await launched?.close();
    await home?.[Symbol.asyncDispose]();
  });

  it('is the package, not the sources', async () => {
    const known = await launched.app.evaluate(({ app }) => ({
      packaged: app.isPackaged,
      folder: app.getAppPath(),
      name: app.getName(),
    }));
    expect(known).toEqual({
      packaged: true,
      folder: path.join(driven, 'resources/app.asar'),
      name: 'ZiCo Workbench',
    });
  });

  it('scores, measures on this computer and finishes a search', async () => {
    const form = await new NewSearchPage(launched.page).open();
    await form.fill({ ...smallSearch, Name: 'Packaged' });
    const run = await form.start();
    await run.waitUntil('Finished', 300_000);
    await run.show('Failed');
    expect(await run.names()).toEqual([]);
    await run.show('Front');
    const [name] = await run.names();
    const inspector = await run.select(name ?? '');
    await expect.poll(() => inspector.text()).toMatch(/Median of \d+ runs after 3 warm-up runs/);
  }, 330_000);

  it('exports a network that runs', async () => {
    const folder = path.join(home.folder, 'export');
    await mkdir(folder);
    await answerDialogs(launched.app, folder);
    const run = new RunPage(launched.page);
    await run.inspector.export();
    await run.inspector.panel.getByText('exported').waitFor();
    const session = await InferenceSession.create(path.join(folder, 'model.onnx'));
    const image = new Tensor('float32', new Float32Array(3 * 32 * 32), [1, 3, 32, 32]);
    const outputs = await session.run({ [session.inputNames[0] ?? '']: image });
    expect(outputs[session.outputNames[0] ?? '']?.dims).toEqual([1, 10]);
  });

  it('scores the very model that it exported', async () => {
    await answerDialogs(launched.app, path.join(home.folder, 'export', 'model.onnx'));
    const score = await new ScorePage(launched.page).open();
    await score.choose();
    await score.scored(1, 1);
  });

  it('went without a single error in the page', async () => {
    expect(await launched.problems()).toEqual([]);
  });
});

describe('a phone', () => {
  it('is checked with the runner that the package carries, unpacked into the cache', async () => {
    const cache = path.join(scratch, 'runner-cache');
    await using server = await startAdbServer();
    await using phone = await startPhone({ server });
    await using home = await createHome();
    await using launched = await home.open({
      executable: executableOf(driven),
      env: { ...server.env, ZICO_RUNNER_CACHE: cache },
    });
    const phones = await new PhonesPage(launched.page).open();
    await phones.check(phone.address);
    expect((await readdir(cache)).map((name) => name.split('-')[0]).sort()).toEqual([
      'android',
      'glibc',
    ]);
    expect(await launched.problems()).toEqual([]);
  }, 480_000);
});

describe('a run file', () => {
  it('that the system hands over is shown, at the start and later', async () => {
    await using home = await createHome();
    const first = path.join(home.folder, 'first.zico');
    const second = path.join(home.folder, 'second.zico');
    writeStoredRun(first, 5);
    writeStoredRun(second, 5);
    await using launched = await home.open({ executable: executableOf(driven), args: [first] });
    await launched.page.getByRole('heading', { name: 'first', level: 1 }).waitFor();
    // A second start hands its file to the window that is open, and ends.
    const again = spawn(
      executableOf(driven),
      ['--no-sandbox', `--user-data-dir=${launched.userData}`, second],
      { stdio: 'ignore' },
    );
    // Heard from the start: it may have ended before the window shows its file.
    const ended = exitOf(again);
    await launched.page.getByRole('heading', { name: 'second', level: 1 }).waitFor();
    expect(await ended).toBe(0);
  });
});

describe('a newer version', () => {
  it('is downloaded beside the work and put in place when the window is closed', async () => {
    await using home = await createHome();
    // What a person started: an AppImage tells the app inside where it lies.
    const installed = path.join(home.folder, 'zico.AppImage');
    await writeFile(installed, 'this version');
    const launched = await home.open({
      executable: executableOf(driven),
      env: { APPIMAGE: installed, XDG_CACHE_HOME: path.join(home.folder, 'cache') },
    });
    await launched.page.getByRole('link', { name: 'Settings' }).click();
    await launched.page.getByText('Version 9.9.9 is ready').waitFor();
    expect(await readFile(installed, 'utf8')).toBe('this version');
    await launched.close();
    expect(await readFile(installed)).toEqual(newer);
  });
});

/** What a released package prints within a moment of its start; it is ended afterwards. */
async function runBriefly(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  folder = released,
): Promise<{ readonly output: string }> {
  const child = spawn(executableOf(folder), ['--no-sandbox', ...args], {
    env: { ...process.env, ZICO_RUNS_FOLDER: path.join(scratch, 'runs'), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = exitOf(child);
  await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 4000))]);
  child.kill('SIGKILL');
  await ended;
  return { output };
}

const exitOf = (child: ReturnType<typeof spawn>): Promise<number | null> =>
  new Promise((resolve) => child.once('exit', resolve));

const thisPlatform = 'ELF x64';

/** What kind of native library a file is by its first bytes; null for everything else. */
function libraryKind(file: string): string | null {
  if (!lstatSync(file).isFile()) return null;
  const head = Buffer.alloc(20);
  const descriptor = openSync(file, 'r');
  try {
    if (readSync(descriptor, head, 0, 20, 0) < 20) return null;
  } finally {
    closeSync(descriptor);
  }
  if (head.readUInt32BE(0) === 0x7f454c46) {
    const machine = head.readUInt16LE(18);
    return machine === 0x3e ? thisPlatform : `ELF of machine ${machine}`;
  }
  if (head.toString('latin1', 0, 2) === 'MZ') return 'Windows';
  if ([0xcffaedfe, 0xcefaedfe, 0xcafebabe].includes(head.readUInt32BE(0))) return 'macOS';
  return null;
}
