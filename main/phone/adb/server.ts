/** The adb server: found running or started, and of the same version as the adb that was found. */
import { execFile } from 'node:child_process';
import net from 'node:net';
import { promisify } from 'node:util';
import type { AdbAddress } from './channel.ts';
import { adbUnusable, serverFailed, versionConflict } from './errors.ts';

const run = promisify(execFile);

/**
 * Makes sure that a server answers on the port.
 * @throws WorkbenchError `adb-unusable`, `adb-version-conflict`, `adb-server`
 */
export async function ensureServer(adb: AdbAddress, limitMs: number): Promise<void> {
  const { file, port } = adb;
  const own = await ownVersion(file, limitMs);
  const running = await runningVersion(port, limitMs);
  if (running !== null && running !== own) throw versionConflict(file, own, port, running);
  if (running !== null) return;
  try {
    await run(file, ['-P', String(port), 'start-server'], { timeout: limitMs });
  } catch (error) {
    throw serverFailed(file, port, reason(error));
  }
  if ((await runningVersion(port, limitMs)) === null) {
    throw serverFailed(file, port, 'it was started, but is not there');
  }
}

/** The 41 of "Android Debug Bridge version 1.0.41", which is what adb compares. */
export function parseVersion(text: string): number | null {
  const version = /^Android Debug Bridge version \d+\.\d+\.(\d+)/m.exec(text)?.[1];
  return version === undefined ? null : Number(version);
}

/** Such as 1.0.41; null where the file does not say, or cannot be run. */
export async function adbVersion(file: string, limitMs = 5000): Promise<string | null> {
  const said = await run(file, ['version'], { timeout: limitMs }).catch(() => null);
  return /^Android Debug Bridge version (\d+(?:\.\d+)+)/m.exec(said?.stdout ?? '')?.[1] ?? null;
}

async function ownVersion(file: string, limitMs: number): Promise<number> {
  try {
    const { stdout } = await run(file, ['version'], { timeout: limitMs });
    const version = parseVersion(stdout);
    if (version !== null) return version;
  } catch (error) {
    throw adbUnusable(file, reason(error));
  }
  throw adbUnusable(file, 'it does not name a version of the Android Debug Bridge');
}

/**
 * @returns null where nothing listens
 * @throws WorkbenchError `adb-server` where something else listens there
 */
async function runningVersion(port: number, limitMs: number): Promise<number | null> {
  const socket = net.connect(port, '127.0.0.1');
  socket.setTimeout(limitMs, () => socket.destroy(new Error('no answer')));
  try {
    socket.write('000chost:version');
    const parts: Buffer[] = [];
    for await (const part of socket as AsyncIterable<Buffer>) parts.push(part);
    const answer = /^OKAY0004([0-9a-f]{4})$/.exec(Buffer.concat(parts).toString('latin1'));
    if (answer !== null) return parseInt(answer[1]!, 16);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ECONNREFUSED') return null;
    // A server that is shutting down accepts connections and resets them.
    if ((error as NodeJS.ErrnoException).code === 'ECONNRESET') return null;
    throw serverFailed('adb', port, reason(error));
  } finally {
    socket.destroy();
  }
  throw serverFailed('adb', port, 'something other than an adb server listens there');
}

function reason(error: unknown): string {
  const { stderr, killed, message } = error as {
    stderr?: string;
    killed?: boolean;
    message: string;
  };
  if (killed === true) return 'it did not finish in time';
  const said = stderr?.trim().split('\n').at(-1) ?? '';
  return said === '' ? message : said;
}
