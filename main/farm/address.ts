/** Where a farm is, and how to connect. Passwords are kept apart from addresses, which are shown and stored. */
import { isIP } from 'node:net';
import { WorkbenchError } from '../errors.ts';

export interface FarmAddress {
  /** The address as it may be shown: without secrets. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** Number of the Redis database. */
  readonly database: number;
  /** A user of its access control list; null is the default user. */
  readonly user: string | null;
  readonly tls: boolean;
}

/** Certificates, as PEM. */
export interface FarmCertificates {
  /** Certificate of the authority that signed the server's; null takes those that the system trusts. */
  readonly ca: string | null;
  readonly certificate: string | null;
  readonly key: string | null;
}

export interface FarmAccess extends FarmCertificates {
  readonly address: FarmAddress;
  readonly password: string | null;
}

const usualPort = 6379;
const example = 'redis://127.0.0.1:6379 or rediss://farm.example.org:6380';

/**
 * @param insecure true allows a connection to another computer that anybody between can read and change
 * Throws WorkbenchError: `farm-url`, `farm-password-in-url`, `farm-not-encrypted`.
 */
export function farmAddress(text: string, insecure: boolean): FarmAddress {
  const url = parsed(text);
  if (url.password !== '') {
    throw new WorkbenchError(
      'farm-password-in-url',
      'A password in an address can be seen by anybody who can list processes, and is kept in histories and logs.',
      'Leave it out and set ZICO_FARM_PASSWORD, or name a file with --farm-password-file. Change the password: it may have been seen.',
    );
  }
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  const tls = url.protocol === 'rediss:';
  const database = url.pathname.replace('/', '');
  if (host === '' || !/^(\d{1,5})?$/.test(database) || url.search !== '' || url.hash !== '') {
    throw notAnAddress(text);
  }
  if (!tls && !insecure && !isLoopback(host)) {
    throw new WorkbenchError(
      'farm-not-encrypted',
      `Without TLS, anybody between here and ${host} can read the password and change the jobs.`,
      `Use rediss://, or a tunnel (ssh -L ${usualPort}:127.0.0.1:${usualPort} ${host}) and redis://127.0.0.1; or pass --insecure if you trust this network.`,
    );
  }
  const port = url.port === '' ? usualPort : Number(url.port);
  const user = url.username === '' ? null : decodeURIComponent(url.username);
  return {
    url: `${url.protocol}//${user === null ? '' : `${user}@`}${url.hostname}:${port}${database === '' ? '' : `/${database}`}`,
    ...{ host, port, database: Number(database), user, tls },
  };
}

function parsed(text: string): URL {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw notAnAddress(text);
  }
  if (url.protocol !== 'redis:' && url.protocol !== 'rediss:') throw notAnAddress(text);
  return url;
}

/** Does not repeat what was typed if it may hold a password. */
function notAnAddress(text: string): WorkbenchError {
  const shown = /[@?#]/.test(text) ? 'This' : text;
  return new WorkbenchError(
    'farm-url',
    `${shown} is not the address of a farm.`,
    `An address looks like ${example}.`,
  );
}

/** Addresses that never leave this computer. */
export function isLoopback(host: string): boolean {
  if (host === 'localhost') return true;
  return isIP(host) === 4 ? host.startsWith('127.') : host === '::1';
}
