/** A connection to the Redis or Valkey of a farm, checked before it is used. */
import { Redis, type RedisOptions } from 'ioredis';
import { WorkbenchError } from '../errors.ts';
import type { FarmAccess } from './address.ts';
import {
  endedByAlert,
  farmFailure,
  isNotThere,
  noRedis,
  noTls,
  otherMode,
  passwordNeeded,
  tlsNeeded,
} from './failures.ts';
import { farmFormat, formatKey } from './keys.ts';
import { handshake, isRedis, saidPlainly } from './probe.ts';

export interface Farm {
  /** The address as it may be shown. */
  readonly url: string;
  readonly redis: Redis;
  /** What to add to this computer's clock, in milliseconds, to get the server's. */
  readonly clockOffsetMs: number;
  /** A further connection, for a queue that blocks while it waits. */
  duplicate(): Redis;
  /** Why the server cannot be reached at the moment; null while all is well. */
  trouble(): WorkbenchError | null;
  close(): Promise<void>;
}

/** The oldest version with all commands that are used. */
const leastVersion = [6, 2] as const;
const usualConnectMs = 10_000;
/** Longer than any command takes on the server. */
const silenceMs = 30_000;
const longestPauseMs = 2000;
/** A clock that is off by more than this is reported. */
export const clockToleranceMs = 60_000;

/**
 * @param connectMs how long a connection may take
 * Throws WorkbenchError, by name for each reason (docs/farm.md, "What is refused").
 */
export async function openFarm(access: FarmAccess, connectMs = usualConnectMs): Promise<Farm> {
  const { url } = access.address;
  await tried(access, connectMs);
  const options = optionsOf(access, connectMs);
  let trouble: WorkbenchError | null = null;
  const watched = (redis: Redis): Redis =>
    redis
      .on('error', (error: Error) => (trouble = farmFailure(error, url)))
      .on('close', () => (trouble ??= farmFailure(new Error('the connection was lost'), url)))
      .on('ready', () => (trouble = null));
  const redis = watched(new Redis(options));
  const others = new Set<Redis>();
  try {
    await assertUsable(redis, url);
    const before = Date.now();
    const [seconds, micros] = await redis.time();
    const clockOffsetMs =
      Number(seconds) * 1000 + Number(micros) / 1000 - (before + Date.now()) / 2;
    return {
      ...{ url, redis, clockOffsetMs },
      duplicate() {
        const other = watched(redis.duplicate());
        others.add(other);
        other.once('end', () => others.delete(other));
        return other;
      },
      trouble: () => trouble,
      async close() {
        for (const one of [redis, ...others]) one.disconnect();
        await Promise.resolve();
      },
    };
  } catch (error) {
    redis.disconnect();
    throw farmFailure(error, url);
  }
}

/** One attempt, with the reason if it fails: the lasting connection would retry for ever. */
async function tried(access: FarmAccess, connectMs: number): Promise<void> {
  const redis = new Redis({
    ...optionsOf(access, connectMs),
    ...{ lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0 },
  });
  let reason: unknown = null;
  redis.on('error', (error: Error) => (reason ??= error));
  try {
    await redis.connect();
    await redis.ping();
    // The client goes on in database 0 where this one does not exist.
    await redis.select(access.address.database);
  } catch (error) {
    throw await explained(access, reason ?? error);
  } finally {
    redis.disconnect();
  }
}

/** What failed, by what answers there where the connection itself does not tell. */
async function explained(access: FarmAccess, error: unknown): Promise<WorkbenchError> {
  const { address, password } = access;
  const { url } = address;
  const failure = farmFailure(error, url);
  if (failure.code === 'farm-password-wrong' && password === null)
    return passwordNeeded(url, error);
  if (failure.code !== 'farm-unreachable' || isNotThere(error)) return failure;
  const said = await saidPlainly(address);
  // Such a server takes the start of TLS for an incomplete command, and waits.
  if (address.tls && isRedis(said)) return noTls(url, error);
  // Where it answers by now, the failure has passed.
  if (isRedis(said))
    return said!.startsWith('-') ? farmFailure(new Error(said!.slice(1)), url) : failure;
  const shaken = await handshake(access);
  if (shaken.outcome !== 'none' && !address.tls) return tlsNeeded(url, error);
  if (shaken.outcome === 'ended') return endedByAlert(url, shaken.alert, error);
  return said === null ? failure : noRedis(url, error);
}

function optionsOf(
  { address, password, ca, certificate, key }: FarmAccess,
  connectMs: number,
): RedisOptions {
  const { host, port, database, user, tls } = address;
  return {
    ...{ host, port, db: database },
    ...(user !== null && { username: user }),
    ...(password !== null && { password }),
    ...(tls && {
      tls: {
        ...(ca !== null && { ca }),
        ...(certificate !== null && { cert: certificate }),
        ...(key !== null && { key }),
        rejectUnauthorized: true,
      },
    }),
    connectTimeout: connectMs,
    // A connection that stays silent is replaced.
    socketTimeout: silenceMs,
    keepAlive: usualConnectMs,
    // Waiting commands are sent once the server is back, however long that takes.
    maxRetriesPerRequest: null,
    retryStrategy: (attempt) => Math.min(100 * attempt, longestPauseMs),
    enableReadyCheck: true,
  };
}

async function assertUsable(redis: Redis, url: string): Promise<void> {
  const info = facts(`${await redis.info('server')}\n${await redis.info('memory')}`);
  const mode = info.get('redis_mode') ?? 'standalone';
  if (mode !== 'standalone') throw otherMode(url, mode);
  // Valkey also reports a version of Redis: the last one it is compatible with.
  const version = info.get('redis_version') ?? '';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < leastVersion[0] || (major === leastVersion[0] && minor < leastVersion[1])) {
    throw new WorkbenchError(
      'farm-redis-too-old',
      `The Redis at ${url} is version ${version || 'of no number'}; a farm needs ${leastVersion.join('.')} or later, or Valkey.`,
      'Use a newer one: Debian 12 has 7.0.',
    );
  }
  const policy = info.get('maxmemory_policy') ?? 'noeviction';
  if (policy !== 'noeviction') {
    throw new WorkbenchError(
      'farm-redis-evicts',
      `The Redis at ${url} throws data away when its memory is full (maxmemory-policy ${policy}): jobs and results would vanish.`,
      'Set "maxmemory-policy noeviction" in its configuration, or now: redis-cli config set maxmemory-policy noeviction.',
    );
  }
  // Also shows whether anything can be written.
  await redis.set(formatKey, String(farmFormat), 'NX');
  const format = (await redis.getrange(formatKey, 0, 100)) ?? '';
  if (format !== String(farmFormat)) {
    throw new WorkbenchError(
      'farm-other-version',
      `The farm at ${url} was set up by another version of ZiCo Workbench (format ${JSON.stringify(format)}, this is ${farmFormat}).`,
      'Use the same version on all computers, or another database (redis://HOST:PORT/1).',
    );
  }
}

function facts(info: string): ReadonlyMap<string, string> {
  const lines = info.split(/\r?\n/).flatMap((line) => {
    const colon = line.indexOf(':');
    return colon < 0 ? [] : [[line.slice(0, colon), line.slice(colon + 1).trim()] as const];
  });
  return new Map(lines);
}

/** A warning about this computer's clock; null if it is right. */
export function clockWarning({ clockOffsetMs }: Pick<Farm, 'clockOffsetMs'>): string | null {
  if (Math.abs(clockOffsetMs) <= clockToleranceMs) return null;
  const minutes = Math.round(Math.abs(clockOffsetMs) / 60_000);
  const much = minutes < 120 ? `${minutes} minutes` : `${Math.round(minutes / 60)} hours`;
  return `The clock of this computer is ${much} ${clockOffsetMs > 0 ? 'behind' : 'ahead of'} that of the farm's Redis. Nothing depends on it; times of the farm are the server's.`;
}
