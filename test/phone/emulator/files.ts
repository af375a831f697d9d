/** The files of an emulated phone: a root tree of its own, with Android's shell and tools in it. */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { atRest, conditionFiles } from './condition.ts';
import type { Model } from './models.ts';

const run = promisify(execFile);

/** Tools of toybox that would speak of this computer, or change it; taskset and uname are our own. */
const withheld = new Set(
  'sh [ uname taskset reboot poweroff halt mount umount login su chroot unshare nsenter switch_root pivot_root'.split(
    ' ',
  ),
);

/** The folder that cannot be listed. */
const unlisted = 'sys/class/thermal';

export interface Programs {
  readonly adbd: string;
  /** Android's shell is mksh, its tools are toybox: on a phone as here. */
  readonly mksh: string;
  readonly toybox: string;
}

export interface Identity {
  readonly serial: string;
  /** Whether adbd asks for RSA authorisation, as every phone that was bought does. */
  readonly secure: boolean;
}

/** Writes the files of a phone that was never used into an empty folder. */
export async function writePhoneFiles(
  root: string,
  model: Model,
  identity: Identity,
  programs: Programs,
): Promise<void> {
  for (const folder of ['data/local/tmp', 'data/misc/adb', 'dev/pts', 'mnt', 'proc', 'sdcard']) {
    mkdirSync(path.join(root, folder), { recursive: true });
  }
  await copyPrograms(root, programs);
  for (const name of ['null', 'zero', 'full', 'random', 'urandom', 'tty', 'ptmx']) {
    writeFile(root, `dev/${name}`, '');
  }
  for (const [file, text] of fixedFiles(model, identity)) writeFile(root, file, text);
  for (const [file, text] of conditionFiles(model, atRest(model))) writeFile(root, file, text);
  for (const { cores } of model.clusters) {
    for (const core of cores) {
      const folder = path.join(root, `sys/devices/system/cpu/cpu${core}`);
      mkdirSync(folder, { recursive: true });
      symlinkSync(`../cpufreq/policy${cores[0]}`, path.join(folder, 'cpufreq'));
    }
  }
  // Zones can be read by their number; which there are, a phone does not tell its shell.
  chmodSync(path.join(root, unlisted), 0o311);
}

/** Removes all files of a phone. */
export function removePhoneFiles(root: string): void {
  const folder = path.join(root, unlisted);
  if (existsSync(folder)) chmodSync(folder, 0o755);
  rmSync(root, { recursive: true, force: true });
}

/** Replaces a file of the phone at once: whoever reads it meanwhile sees the old text or the new one. */
export function writeFile(root: string, file: string, text: string): void {
  const target = path.join(root, file);
  mkdirSync(path.dirname(target), { recursive: true });
  const fresh = path.join(root, `.new-${randomUUID()}`);
  writeFileSync(fresh, text);
  renameSync(fresh, target);
}

async function copyPrograms(root: string, { adbd, mksh, toybox }: Programs): Promise<void> {
  const bin = path.join(root, 'system/bin');
  mkdirSync(bin, { recursive: true });
  copyFileSync(mksh, path.join(bin, 'sh'));
  copyFileSync(toybox, path.join(bin, 'toybox'));
  copyFileSync(adbd, path.join(root, 'mnt/adbd'));
  const [{ stdout: tools }, libraries] = await Promise.all([
    run(toybox),
    librariesOf([adbd, mksh, toybox]),
  ]);
  for (const tool of tools.split(/\s+/)) {
    if (tool !== '' && !withheld.has(tool)) symlinkSync('toybox', path.join(bin, tool));
  }
  const own = path.join(import.meta.dirname, 'bin');
  for (const name of readdirSync(own)) copyFileSync(path.join(own, name), path.join(bin, name));
  for (const [source, target] of libraries) {
    mkdirSync(path.dirname(path.join(root, target)), { recursive: true });
    copyFileSync(source, path.join(root, target));
  }
}

/** File of this computer -> place inside the phone, of all shared libraries that the programs load. */
async function librariesOf(programs: readonly string[]): Promise<Map<string, string>> {
  const { stdout } = await run('ldd', programs);
  const libraries = new Map<string, string>();
  let home = '';
  for (const line of stdout.split('\n')) {
    const library = /=> (\/\S+) \(/.exec(line)?.[1];
    const loader = /^\s+(\/\S+) \(/.exec(line)?.[1];
    if (loader) libraries.set(loader, loader);
    if (library) libraries.set(library, library);
    // The loader always looks where the C library lies; some others lie in folders of their own.
    if (library?.endsWith('/libc.so.6')) home = path.dirname(library);
  }
  for (const [source, target] of libraries) {
    if (source === target && !/\/ld-linux[^/]*$/.test(source)) {
      libraries.set(source, path.join(home, path.basename(source)));
    }
  }
  return libraries;
}

function fixedFiles(model: Model, { serial, secure }: Identity): Map<string, string> {
  const properties: Record<string, string> = {
    'ro.product.model': model.name,
    'ro.product.manufacturer': 'samsung',
    'ro.product.brand': 'samsung',
    'ro.product.name': model.product,
    'ro.product.device': model.device,
    'ro.board.platform': model.platform,
    'ro.hardware': model.hardware,
    'ro.product.cpu.abi': 'arm64-v8a',
    'ro.product.cpu.abilist': 'arm64-v8a,armeabi-v7a,armeabi',
    'ro.build.version.release': '12',
    'ro.build.version.sdk': '31',
    'ro.build.fingerprint': `samsung/${model.product}/${model.device}:12/${model.build}:user/release-keys`,
    'ro.serialno': serial,
    'ro.boot.qemu': '0',
    // No phone says this: what was measured here must never be taken for a phone's.
    'ro.zico.emulated': '1',
    'ro.adb.secure': secure ? '1' : '0',
    // Inside the phone's own files: phones can never take each other's port.
    'service.adb.listen_addrs': 'localfilesystem:/mnt/adbd.socket',
  };
  const cpuinfo = model.clusters.flatMap(({ cores, implementer, part }) =>
    cores.map(
      (core) => `processor\t: ${core}\nCPU implementer\t: ${implementer}\nCPU part\t: ${part}\n\n`,
    ),
  );
  const files = new Map([
    ['system/emulator/properties', pairs(properties)],
    ['system/emulator/cpuinfo', cpuinfo.join('')],
    ['system/emulator/kernel', `${model.kernel}\n`],
    ['system/emulator/taskset.log', ''],
    ['etc/passwd', 'root:x:0:0::/:/system/bin/sh\nshell:x:2000:2000::/:/system/bin/sh\n'],
    ['etc/group', 'root:x:0:\nshell:x:2000:\n'],
  ]);
  for (const name of ['present', 'possible', 'online']) {
    files.set(`sys/devices/system/cpu/${name}`, '0-7\n');
  }
  model.zones.forEach(([name], index) => {
    files.set(`sys/class/thermal/thermal_zone${index}/type`, `${name}\n`);
  });
  for (const { cores, minimumKhz, maximumKhz } of model.clusters) {
    const policy = `sys/devices/system/cpu/cpufreq/policy${cores[0]}`;
    files.set(`${policy}/related_cpus`, `${cores.join(' ')}\n`);
    files.set(`${policy}/affected_cpus`, `${cores.join(' ')}\n`);
    files.set(`${policy}/cpuinfo_min_freq`, `${minimumKhz}\n`);
    files.set(`${policy}/cpuinfo_max_freq`, `${maximumKhz}\n`);
    files.set(`${policy}/scaling_min_freq`, `${minimumKhz}\n`);
    files.set(`${policy}/scaling_governor`, 'schedutil\n');
  }
  return files;
}

function pairs(properties: Readonly<Record<string, string>>): string {
  return Object.entries(properties)
    .map(([name, value]) => `[${name}]: [${value}]\n`)
    .join('');
}
