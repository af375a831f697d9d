/** What this computer must have before it can be a phone, told in words that help. */
import { access, constants } from 'node:fs/promises';
import path from 'node:path';
import { WorkbenchError } from '../../main/errors.ts';

/** What must be there -> Debian's package of it. Programs are looked for on PATH, files where they are. */
const needed: Readonly<Record<string, string>> = {
  adb: 'adb',
  mksh: 'mksh',
  toybox: 'toybox',
  unshare: 'util-linux',
  setpriv: 'util-linux',
  '/usr/lib/binfmt.d/qemu-aarch64.conf': 'qemu-user-static',
  '/usr/bin/qemu-aarch64-static': 'qemu-user-static',
  // What follows is for building adbd.
  'g++': 'g++',
  'dpkg-source': 'dpkg-dev',
  '/usr/share/keyrings/debian-archive-keyring.gpg': 'debian-archive-keyring',
  '/usr/include/sys/capability.h': 'libcap-dev',
  '/usr/include/android/android-base/logging.h': 'android-libbase-dev',
  '/usr/include/android/openssl/rsa.h': 'android-libboringssl-dev',
  '/usr/include/android/cutils/sockets.h': 'android-libcutils-dev',
  '/usr/include/android/android/log.h': 'android-liblog-dev',
};

/** @throws WorkbenchError `emulator-system`, `emulator-packages` */
export async function checkRequirements(): Promise<void> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new WorkbenchError(
      'emulator-system',
      `The emulated phone runs on 64-bit Linux PCs, not on ${process.platform} ${process.arch}.`,
      'Plug in a real Galaxy S10 here, or use a Linux computer.',
    );
  }
  const packages = new Set<string>();
  for (const [name, owner] of Object.entries(needed)) {
    if ((await find(name)) === undefined) packages.add(owner);
  }
  if (packages.size > 0) {
    const list = [...packages].sort().join(' ');
    throw new WorkbenchError(
      'emulator-packages',
      `The emulated phone needs packages that are not installed: ${list}.`,
      `Run: sudo apt-get install -y --no-install-recommends ${list}`,
    );
  }
}

/** Where a program of PATH, or a file, is; undefined when it is not. */
export async function find(name: string): Promise<string | undefined> {
  const places = path.isAbsolute(name)
    ? [name]
    : (process.env['PATH'] ?? '').split(path.delimiter).map((folder) => path.join(folder, name));
  for (const place of places) {
    try {
      await access(place, path.isAbsolute(name) ? constants.R_OK : constants.X_OK);
      return place;
    } catch {
      // Not there: the next place.
    }
  }
  return undefined;
}

/** What `enter.sh` says failed -> what a person can do about it. */
export function refusal(stage: string, details: string): WorkbenchError {
  const hints: Readonly<Record<string, string>> = {
    unshare:
      'Run as root, or allow user namespaces (sysctl kernel.unprivileged_userns_clone=1). In a container: start it with the right to make namespaces, such as docker run --privileged.',
    proc: 'A container that hides parts of /proc cannot do this: start it with docker run --privileged.',
    binfmt:
      'Each phone has a binfmt_misc of its own, which needs Linux 6.7 or newer: see `uname -r`.',
    qemu: 'Is qemu-user-static installed? Run: sudo apt-get install -y qemu-user-static',
  };
  return new WorkbenchError(
    'emulator-refused',
    `This computer does not let an emulated phone start (${stage}): ${details || 'no more is known'}`,
    hints[stage] ?? 'Run as root; in a container, one that may mount (docker run --privileged).',
  );
}
