/** The .deb as a person gets it: installed on a clean Debian, used by somebody who is not root, removed again. */
import { execFileSync } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cleanRootIsAvailable, makeCleanRoot, type CleanRoot } from './clean-root.ts';
import { expectSandbox } from './sandbox.ts';
import { launchApp, type LaunchedApp } from './launch.ts';
import { NewSearchPage, smallSearch } from './pages/new-search.ts';
import { writeStoredRun } from './stored-run.ts';

const root = path.join(import.meta.dirname, '..', '..');
const packager = path.join(root, 'test/runtime/package.ts');
const name = 'zico-workbench-test';
const program = `/opt/${name}/zico-workbench`;

let scratch: string;
let debian: CleanRoot;
let deb: string;

beforeAll(async () => {
  scratch = await mkdtemp(path.join(os.tmpdir(), 'zico-installed-'));
  const options = ['deb', '--no-build', '--for-tests', '--output', scratch];
  console.log(execFileSync(process.execPath, [packager, ...options], { encoding: 'utf8' }));
  [deb = ''] = globSync(path.join(scratch, '*.deb'));
  debian = await makeCleanRoot(scratch);
}, 600_000);
afterAll(async () => {
  await rm(scratch, { recursive: true, force: true, maxRetries: 5 });
});

/** Where a file of the clean Debian lies out here. */
const outside = (file: string) => path.join(debian.folder, file);

describe.skipIf(!cleanRootIsAvailable())('the .deb', () => {
  it('is named after the Electron that it is built on, and no release is built on that', () => {
    expect(path.basename(deb)).toMatch(/^zico-workbench-test_\d+\.\d+\.\d+_amd64\.deb$/);
    const refused = () =>
      execFileSync(process.execPath, [packager, 'deb', '--release', '--no-build'], {
        encoding: 'utf8',
        stdio: 'pipe',
      });
    expect(refused).toThrow(/A release is built on the Electron that package\.json declares/);
  });

  it('brings what it needs along when it is installed, and makes runs its own', async () => {
    await copyFile(deb, outside('/root/it.deb'));
    await debian.inside('root', 'apt-get', 'update', '-qq');
    const apt = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', 'install', '--yes'];
    await debian.inside('root', ...apt, '--no-install-recommends', '/root/it.deb');
    const missing = await debian.inside('user', 'ldd', program);
    expect(missing).not.toContain('not found');
    const type = 'application/x-zico-run';
    const opener = await debian.inside('user', 'xdg-mime', 'query', 'default', type);
    expect(opener.trim()).toBe(`${name}.desktop`);
    const entry = outside(`/usr/share/applications/${name}.desktop`);
    expect(await readFile(entry, 'utf8')).toContain(`\nExec=${program} %f\n`);
  }, 600_000);

  it('runs with the sandbox for an ordinary user, and searches', async () => {
    await using launched = await launchInstalled();
    await expectSandbox(launched, 1000);
    const form = await new NewSearchPage(launched.page).open();
    await form.fill({ ...smallSearch, Name: 'Installed' });
    const run = await form.start();
    await run.waitUntil('Finished', 300_000);
    await run.show('Failed');
    expect(await run.names()).toEqual([]);
    expect(await launched.problems()).toEqual([]);
  }, 480_000);

  it('is what the system opens a run with, by the type of its file', async () => {
    const apt = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', 'install', '--yes'];
    await debian.inside('root', ...apt, '--no-install-recommends', 'libglib2.0-bin');
    const run = `${debian.home}/größere Räume.zico`;
    writeStoredRun(outside(run), 30);
    await debian.inside('root', 'chown', '1000:1000', run);
    const type = await debian.inside('user', 'gio', 'info', '--attributes=standard::*', run);
    expect(type).toContain('standard::content-type: application/x-zico-run');
    await using launched = await launchInstalled();
    // As a file manager does it: whoever is open already shows the run.
    await debian.inside('user', 'gio', 'open', run);
    await launched.page
      .getByRole('heading', { name: 'größere Räume', level: 1 })
      .waitFor({ timeout: 60_000 });
    expect(await launched.problems()).toEqual([]);
  }, 480_000);

  it('leaves nothing behind when it is removed', async () => {
    const listed = await debian.inside('root', 'dpkg', '--listfiles', name);
    const files = listed.split('\n').filter((file) => file.includes(name));
    expect(files.length).toBeGreaterThan(50);
    expect(files).toContain(`/opt/${name}/THIRD_PARTY_NOTICES.txt`); // what Help, Licences opens
    await debian.inside('root', 'dpkg', '--purge', name);
    expect(files.filter((file) => existsSync(outside(file)))).toEqual([]);
    expect(existsSync(outside(`/etc/apparmor.d/${name}`))).toBe(false);
  });
});

async function launchInstalled(): Promise<LaunchedApp> {
  const start = path.join(scratch, 'start');
  await writeFile(start, `#!/bin/sh\nexec ${debian.asUser} ${program} "$@"\n`, { mode: 0o755 });
  return launchApp({
    executable: start,
    sandbox: true,
    // Where it keeps its things unless told otherwise: who starts it once more finds the window that is open.
    userData: `${debian.home}/.config/ZiCo Workbench`,
  });
}
