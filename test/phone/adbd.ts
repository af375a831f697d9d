/** adbd for the emulated phone: built once, kept in the user's cache, found there afterwards. */
import { spawn } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import { WorkbenchError } from '../../main/errors.ts';
import { checkRequirements } from './requirements.ts';

const script = path.join(import.meta.dirname, 'emulator', 'build-adbd.sh');

export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const base = environment['XDG_CACHE_HOME'] || path.join(os.homedir(), '.cache');
  return path.join(base, 'zico-workbench', 'phone');
}

/**
 * Builds adbd unless the cache has it; takes about two minutes then. Whoever asks meanwhile waits.
 *
 * @param onLine gets what the build says
 * @returns the program's path
 * @throws WorkbenchError `emulator-system`, `emulator-packages`, `emulator-build`
 */
export async function ensureAdbd(onLine: (line: string) => void = () => {}): Promise<string> {
  await checkRequirements();
  const build = spawn(script, [cacheFolder()], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  let printed = '';
  const hear = (data: Buffer): void => {
    said += data.toString();
    for (const line of data.toString().split('\n')) if (line !== '') onLine(line);
  };
  build.stderr.on('data', hear);
  build.stdout.on('data', (data: Buffer) => {
    printed += data.toString();
    hear(data);
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    build.on('error', reject);
    build.on('close', resolve);
  });
  if (code !== 0) {
    throw new WorkbenchError(
      'emulator-build',
      `adbd could not be built: ${said.trim().split('\n').slice(-5).join('\n')}`,
      `Package sources come from deb.debian.org: is it reachable? To see everything: ${script} ${cacheFolder()}`,
    );
  }
  return printed.trim().split('\n').at(-1) ?? '';
}
