/** A Debian as it is right after it was installed, in a folder, and an ordinary user in it. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from '../runtime/electron.ts';
import { run } from '../runtime/run.ts';

const suite = 'bookworm';
const mirror = 'http://deb.debian.org/debian';
/** Not that of whoever runs the tests. */
const searched = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const user = { name: 'anna', id: '1000' } as const;

export interface CleanRoot extends AsyncDisposable {
  readonly folder: string;
  /** The home folder of the ordinary user, as seen inside. */
  readonly home: string;
  /** A program that runs its arguments inside as that user. */
  readonly asUser: string;
  /** Runs a program inside, as its root or as the user; resolves with what it printed. Throws Error. */
  inside(who: 'root' | 'user', ...command: readonly string[]): Promise<string>;
}

/** Without debootstrap and root's rights there is none. */
export const cleanRootIsAvailable = (): boolean =>
  process.getuid?.() === 0 && existsSync('/usr/sbin/debootstrap');

/** @param scratch an empty folder of the caller's, who removes it */
export async function makeCleanRoot(scratch: string): Promise<CleanRoot> {
  const folder = path.join(scratch, 'root');
  const home = `/home/${user.name}`;
  await run('cp', ['-a', await freshDebian(), folder]);
  await copyFile('/etc/resolv.conf', path.join(folder, 'etc/resolv.conf'));
  const asRoot = await enter(scratch, folder, 'as-root', `env HOME=/root PATH=${searched}`);
  const asUser = await enter(
    scratch,
    folder,
    'as-user',
    `setpriv --reuid=${user.id} --regid=${user.id} --clear-groups env HOME=${home} PATH=${searched} XAUTHORITY=${home}/.Xauthority`,
  );
  const inside: CleanRoot['inside'] = async (who, ...command) => {
    const program = who === 'root' ? asRoot : asUser;
    const { stdout } = await promisify(execFile)(program, command, { maxBuffer: 1e8 });
    return stdout;
  };
  await inside('root', 'useradd', '--create-home', '--uid', user.id, user.name);
  // The display lets in whoever knows its key.
  const key = process.env['XAUTHORITY'];
  if (key) await copyFile(key, path.join(folder, home, '.Xauthority'));
  await inside('root', 'chown', '-R', `${user.id}:${user.id}`, home);
  return {
    ...{ folder, asUser, inside, home },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Made once, and copied for every test. */
async function freshDebian(): Promise<string> {
  const kept = path.join(cacheFolder(), `debian-${suite}-1`);
  if (existsSync(kept)) return kept;
  await mkdir(cacheFolder(), { recursive: true });
  const making = await mkdtemp(path.join(cacheFolder(), 'fetching-'));
  await chmod(making, 0o755);
  await run('debootstrap', ['--variant=minbase', suite, making, mirror]);
  await rename(making, kept);
  return kept;
}

/**
 * Chromium's sandbox refuses to begin in a chroot, so the folder becomes the root of a mount namespace, which ends
 * with what runs in it.
 */
async function enter(scratch: string, root: string, name: string, become: string): Promise<string> {
  const script = path.join(scratch, name);
  const inner = path.join(scratch, `${name}-inner`);
  await writeFile(script, `#!/bin/sh\nexec unshare --mount --propagation private ${inner} "$@"\n`);
  await writeFile(
    inner,
    `#!/bin/sh
set -e
mount --bind '${root}' '${root}'
cd '${root}'
mount -t proc proc proc
mount --rbind /dev dev
mkdir -p tmp/.X11-unix old
mount --bind /tmp/.X11-unix tmp/.X11-unix
pivot_root . old
cd /
umount -l /old
exec ${become} "$@"
`,
  );
  await Promise.all([script, inner].map((file) => chmod(file, 0o755)));
  return script;
}
