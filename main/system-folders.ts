/** Where this system keeps what a program has to remember, and what it can make again. */
import os from 'node:os';
import path from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

interface Places {
  /** A variable that names the folder itself, whatever the system. */
  readonly variable: string;
  /** Where macOS keeps such things, below the home folder. */
  readonly mac: string;
  /** Of the XDG Base Directory Specification: its variable, and where it lies without that. */
  readonly xdg: readonly [variable: string, usual: string];
  /** Below all but the first. */
  readonly own: string;
}

function folderIn(
  { variable, mac, xdg: [xdgVariable, xdgUsual], own }: Places,
  environment: Environment,
  platform: NodeJS.Platform,
): string {
  const named = environment[variable];
  if (named) return named;
  const home = os.homedir();
  const base =
    platform === 'win32'
      ? (environment['LOCALAPPDATA'] ?? path.join(home, 'AppData/Local'))
      : platform === 'darwin'
        ? path.join(home, mac)
        : (environment[xdgVariable] ?? path.join(home, xdgUsual));
  return path.join(base, own);
}

const state: Places = {
  variable: 'ZICO_STATE_FOLDER',
  mac: 'Library/Application Support',
  xdg: ['XDG_STATE_HOME', '.local/state'],
  own: 'zico-workbench',
};

const runnerCache: Places = {
  variable: 'ZICO_RUNNER_CACHE',
  mac: 'Library/Caches',
  xdg: ['XDG_CACHE_HOME', '.cache'],
  own: 'zico-workbench/runner',
};

/** For what has to be remembered. */
export function stateFolder(
  environment: Environment = process.env,
  platform = process.platform,
): string {
  return folderIn(state, environment, platform);
}

/** For what runs models on phones, unpacked: it can be unpacked again. */
export function runnerCacheFolder(
  environment: Environment = process.env,
  platform = process.platform,
): string {
  return folderIn(runnerCache, environment, platform);
}
