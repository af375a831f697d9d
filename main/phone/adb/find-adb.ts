/** Finds the adb program: where it was said to be, on PATH, or in the Android SDK. */
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import path from 'node:path';
import { adbMissing, adbUnusable } from './errors.ts';

const defaultPort = 5037;

/** Which adb a person means; null leaves it to the environment. */
export interface AdbChoice {
  readonly file: string | null;
  readonly port: number | null;
}

export interface AdbSearch {
  /** A file that a person named; in that case nothing else is tried. */
  readonly file?: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
}

/**
 * @returns absolute path of the first adb that may be run
 * @throws WorkbenchError `adb-missing`, `adb-unusable` where the named file is not a program
 */
export async function findAdb(search: AdbSearch): Promise<string> {
  if (search.file !== undefined) {
    const file = path.resolve(search.file);
    if (await isProgram(file)) return file;
    throw adbUnusable(file, 'there is no program of that name');
  }
  const places = adbPlaces(search);
  for (const place of places) if (await isProgram(place)) return place;
  throw adbMissing([...new Set(places.map((place) => path.dirname(place)))]);
}

/** Where adb may be, in the order in which it is looked for. */
export function adbPlaces({ environment, platform }: AdbSearch): readonly string[] {
  const name = platform === 'win32' ? 'adb.exe' : 'adb';
  const { delimiter, join } = platform === 'win32' ? path.win32 : path.posix;
  const onPath = (environment['PATH'] ?? environment['Path'] ?? '').split(delimiter);
  const homes = [environment['ANDROID_HOME'], environment['ANDROID_SDK_ROOT']];
  const sdks = homes.flatMap((home) => (home ? [join(home, 'platform-tools')] : []));
  return [...onPath.filter((folder) => folder !== ''), ...sdks].map((folder) => join(folder, name));
}

/** The port of the adb server: ANDROID_ADB_SERVER_PORT as adb itself reads it, or 5037. */
export function serverPort(environment: Readonly<Record<string, string | undefined>>): number {
  const text = environment['ANDROID_ADB_SERVER_PORT'] ?? '';
  const port = Number(text);
  return /^\d+$/.test(text) && port > 0 && port < 65536 ? port : defaultPort;
}

async function isProgram(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}
