/** Failures between this computer and the Redis of a farm, by name. */
import { WorkbenchError } from '../errors.ts';
import { alertOf, isOfOwnCertificate } from './tls-alert.ts';

interface SystemError extends Error {
  readonly code?: string;
}

const certificateCodes =
  /^(CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_TLS_CERT|HOSTNAME_MISMATCH|INVALID_CA)/;

/** @param url the address as it may be shown */
export function farmFailure(error: unknown, url: string): WorkbenchError {
  if (error instanceof WorkbenchError) return error;
  const failure = (error instanceof Error ? error : new Error(String(error))) as SystemError;
  return answered(failure, url) ?? ofTls(failure, url) ?? unreachable(failure, url);
}

/** What the Redis itself says, by its first word; null where it is not the Redis that speaks. */
function answered(error: SystemError, url: string): WorkbenchError | null {
  const { message } = error;
  const cause = { cause: error };
  if (/^WRONGPASS|invalid password|AUTH.* called without any password configured/.test(message)) {
    return new WorkbenchError(
      'farm-password-wrong',
      `The farm at ${url} does not accept this password.`,
      'Check ZICO_FARM_PASSWORD or the file that --farm-password-file names, and the user in the address.',
      cause,
    );
  }
  if (message.startsWith('NOAUTH')) return passwordNeeded(url, error);
  if (message.startsWith('NOPERM')) {
    return new WorkbenchError(
      'farm-not-permitted',
      `The farm at ${url} does not let this user do what is needed: ${sentence(message)}`,
      'Give the user the rights in docs/farm.md ("Rights").',
      cause,
    );
  }
  if (isOfAnotherKind(error)) {
    return new WorkbenchError(
      'farm-foreign-data',
      `The Redis at ${url} holds data of other programs under names of the farm (zico:...).`,
      'Give the farm a database of its own (redis://HOST:PORT/1).',
      cause,
    );
  }
  if (/^(OOM|MISCONF)|OOM command not allowed/.test(message)) return full(url, message, cause);
  if (/^(READONLY|MASTERDOWN|NOREPLICAS)/.test(message)) {
    return new WorkbenchError(
      'farm-read-only',
      `The Redis at ${url} takes no data: ${sentence(message)}`,
      message.startsWith('NOREPLICAS')
        ? 'Start its replicas, or lower its min-replicas-to-write.'
        : 'It is a copy of another one: use the address of that one, or end the copying (redis-cli replicaof no one).',
      cause,
    );
  }
  if (/^(CLUSTERDOWN|MOVED|CROSSSLOT)/.test(message)) return otherMode(url, 'cluster', error);
  if (message.startsWith('DENIED')) {
    return new WorkbenchError(
      'farm-protected',
      `The Redis at ${url} is in protected mode: it has no password, and answers only its own computer.`,
      'Give it a password (requirepass, or users.acl as in docs/farm.md) and TLS, or use a tunnel (ssh -L).',
      cause,
    );
  }
  if (message.includes('DB index is out of range')) {
    return new WorkbenchError(
      'farm-no-database',
      `The Redis at ${url} has no database of that number.`,
      'Use a smaller number after the last stroke of the address, or raise "databases" in its configuration.',
      cause,
    );
  }
  if (!message.startsWith('ERR ')) return null;
  return new WorkbenchError(
    'farm-redis-refuses',
    `The Redis at ${url} refuses what a farm needs: ${sentence(message)}`,
    message.includes('max number of clients')
      ? 'Raise its maxclients: a worker has about three connections, and one more for each search that it serves.'
      : 'Check its configuration, and that it is a Redis 6.2 or later, or a Valkey.',
    cause,
  );
}

function ofTls(error: SystemError, url: string): WorkbenchError | null {
  const { message, code = '' } = error;
  const refused = (name: string, hint: string): WorkbenchError =>
    new WorkbenchError(name, `The certificate of ${url} is not accepted: ${message}.`, hint, {
      cause: error,
    });
  const alert = alertOf(error);
  if (alert !== null) return endedByAlert(url, alert, error);
  if (/CERT_(HAS_EXPIRED|NOT_YET_VALID)/.test(code)) {
    return refused(
      'farm-certificate-date',
      "Renew it on the server; if it should be valid today, look at this computer's clock.",
    );
  }
  if (/ALTNAME|HOSTNAME_MISMATCH/.test(code)) {
    return refused(
      'farm-certificate-name',
      'Use the name that the certificate has as the host of the address, or sign one for this host (subjectAltName).',
    );
  }
  if (certificateCodes.test(code) || /certificate/i.test(message)) {
    return refused(
      'farm-certificate',
      'Name the certificate of the authority that signed it with --farm-ca.',
    );
  }
  if (/WRONG_VERSION_NUMBER|packet length too long|SSL routines/i.test(`${code} ${message}`)) {
    return noTls(url, error);
  }
  return null;
}

function unreachable(error: SystemError, url: string): WorkbenchError {
  const { message, code = '' } = error;
  return new WorkbenchError(
    'farm-unreachable',
    `The farm at ${url} does not answer: ${sentence(message || code)}`,
    'Check that Redis is running there, the port, the network in between, and that rediss:// is used where it requires TLS.',
    { cause: error },
  );
}

/** Nobody has answered at all. */
export function isNotThere(error: unknown): boolean {
  const { code = '' } = error as SystemError;
  return /^(ECONNREFUSED|ENOTFOUND|EAI_|EHOST|ENET)/.test(code);
}

export function passwordNeeded(url: string, cause: unknown): WorkbenchError {
  return new WorkbenchError(
    'farm-password-needed',
    `The farm at ${url} asks for a password.`,
    'Set ZICO_FARM_PASSWORD, or name a file that holds it with --farm-password-file.',
    { cause },
  );
}

export function noTls(url: string, cause: unknown): WorkbenchError {
  return new WorkbenchError(
    'farm-no-tls',
    `What answers at ${url} does not speak TLS.`,
    'Switch TLS on in the Redis (docs/farm.md), or use the port on which it has it.',
    { cause },
  );
}

export function tlsNeeded(url: string, cause: unknown): WorkbenchError {
  return new WorkbenchError(
    'farm-tls-needed',
    `What answers at ${url} speaks only TLS.`,
    'Begin the address with rediss://.',
    { cause },
  );
}

/**
 * Who sends an alert speaks TLS.
 * @param alert the server's words
 */
export function endedByAlert(url: string, alert: string, cause: unknown): WorkbenchError {
  if (isOfOwnCertificate(alert)) return certificateAsked(url, alert, cause);
  return new WorkbenchError(
    'farm-unreachable',
    `The server at ${url} ends the TLS handshake: ${sentence(alert)}`,
    'Let it speak TLS 1.2 or 1.3 with usual ciphers. With TLS 1.2 it may also miss a certificate of this computer.',
    { cause, option: 'That is named with --farm-cert, and its key with --farm-key.' },
  );
}

function certificateAsked(url: string, alert: string, cause: unknown): WorkbenchError {
  return new WorkbenchError(
    'farm-certificate-asked',
    `The server at ${url} does not let this computer in by its certificate: ${sentence(alert)}`,
    'Name a certificate that the server trusts with --farm-cert, and its key with --farm-key.',
    { cause },
  );
}

export function noRedis(url: string, cause: unknown): WorkbenchError {
  return new WorkbenchError(
    'farm-unreachable',
    `What answers at ${url} is no Redis.`,
    'Check the port: another program listens there.',
    { cause },
  );
}

export function otherMode(url: string, mode: string, cause?: unknown): WorkbenchError {
  return new WorkbenchError(
    'farm-redis-mode',
    `The Redis at ${url} is ${mode === 'sentinel' ? 'a sentinel, which keeps no data' : `one of a ${mode}`}.`,
    'A farm needs one Redis of its own: redis-server with the settings in docs/farm.md.',
    { cause },
  );
}

/** Without the word that programs read. */
function sentence(message: string): string {
  return `${message.replace(/^[A-Z]{3,} /, '').replace(/[\s.]+$/, '')}.`;
}

function full(url: string, message: string, cause: ErrorOptions): WorkbenchError {
  const disk = message.startsWith('MISCONF');
  return new WorkbenchError(
    'farm-full',
    `The Redis at ${url} accepts no more data: ${disk ? 'it cannot write to its disk' : 'its memory is full'}.`,
    disk
      ? 'Make room on its disk; waiting work then continues by itself.'
      : 'Raise its maxmemory; waiting work then continues by itself. The images of a run are a few to some hundred megabytes.',
    cause,
  );
}

/** Another program keeps something else under the key. */
export function isOfAnotherKind(error: unknown): boolean {
  return error instanceof Error && /WRONGTYPE/.test(error.message);
}

/** True for errors after which the same command may succeed later: the search and the workers wait. */
export function isPassing(error: unknown): boolean {
  const message = error instanceof Error ? error.message : '';
  return /^(OOM|MISCONF|LOADING|BUSY|READONLY|MASTERDOWN|TRYAGAIN|NOREPLICAS)|OOM command|max number of clients|Connection is closed|ECONN|EPIPE|ETIMEDOUT|Command timed out/.test(
    message,
  );
}
