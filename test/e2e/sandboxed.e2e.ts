/** The window of somebody who is not root: with Chromium's sandbox on, which the other tests do without as root. */
import { chmod, chown, copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { electronRuntime } from '../runtime/electron.ts';
import { run } from '../runtime/run.ts';
import { launchApp } from './launch.ts';
import { NewSearchPage, smallSearch } from './pages/new-search.ts';
import { expectSandbox } from './sandbox.ts';

const root = path.join(import.meta.dirname, '..', '..');
const own = process.getuid?.() ?? 0;
/** Where the tests run as root, they give the window to Debian's nobody. */
const user = own === 0 ? 65_534 : own;

let scratch: string;
let executable: string;
beforeAll(async () => {
  scratch = await mkdtemp(path.join(os.tmpdir(), 'zico-sandboxed-'));
  const runtime = await electronRuntime(console.error);
  executable = own === 0 ? await givenAway(runtime) : path.join(runtime, 'electron');
}, 120_000);
afterAll(() => rm(scratch, { recursive: true, force: true, maxRetries: 5 }));

/** The runtime lies in root's home folder, where nobody else can look. */
async function givenAway(runtime: string): Promise<string> {
  const [copy, home] = [path.join(scratch, 'runtime'), path.join(scratch, 'home')];
  await run('cp', ['-a', runtime, copy]);
  await mkdir(home);
  const key = process.env['XAUTHORITY'];
  if (key) {
    await copyFile(key, path.join(home, '.Xauthority'));
    await chown(path.join(home, '.Xauthority'), user, user);
  }
  await chown(home, user, user);
  await Promise.all([scratch, copy].map((folder) => chmod(folder, 0o755)));
  const start = path.join(scratch, 'start');
  const become = `setpriv --reuid=${user} --regid=${user} --clear-groups`;
  const variables = `HOME='${home}' XAUTHORITY='${home}/.Xauthority'`;
  const script = `#!/bin/sh\nexec ${become} env ${variables} '${copy}/electron' "$@"\n`;
  await writeFile(start, script, { mode: 0o755 });
  return start;
}

describe('an ordinary user', () => {
  it('searches with the sandbox on', async () => {
    const home = path.join(scratch, 'home');
    await using launched = await launchApp({
      ...{ executable, sandbox: true, args: [root] },
      userData: path.join(own === 0 ? home : scratch, 'settings'),
      env: { ZICO_TEST: '1', ZICO_RUNS_FOLDER: path.join(own === 0 ? home : scratch, 'runs') },
    });
    await expectSandbox(launched, user);
    const form = await new NewSearchPage(launched.page).open();
    await form.fill({ ...smallSearch, Name: 'Sandboxed' });
    const search = await form.start();
    await search.waitUntil('Finished', 120_000);
    await search.show('Failed');
    expect(await search.names()).toEqual([]);
    expect(await launched.problems()).toEqual([]);
  }, 150_000);
});
