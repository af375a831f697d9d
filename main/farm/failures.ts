/** Failures between this computer and the Redis of a farm, by name. */
import { WorkbenchError } from '../errors.ts';

interface SystemError extends Error {
  readonly code?: string;
}

const certificateCodes =
  /^(CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_TLS_CERT|HOSTNAME_MISMATCH|INVALID_CA)/;

/** @param url the address as it may be shown */
export function farmFailure(error: unknown, url: string): WorkbenchError {
  if (error instanceof WorkbenchError) return error;
  const { message, code = '' } = (
    error instanceof Error ? error : new Error(String(error))
  ) as SystemError;
  const cause = { cause: error };
  if (/^WRONGPASS|invalid password|AUTH.* called without any password configured/.test(message)) {
    return new WorkbenchError(
      'farm-password-wrong',
      `The farm at ${url} does not accept this password.`,
      'Check ZICO_FARM_PASSWORD or the file that --farm-password-file names, and the user in the address.',
      cause,
    );
  }
  if (message.startsWith('NOAUTH')) {
    return new WorkbenchError(
      'farm-password-needed',
      `The farm at ${url} asks for a password.`,
      'Set ZICO_FARM_PASSWORD, or name a file that holds it with --farm-password-file.',
      cause,
    );
  }
  if (message.startsWith('NOPERM')) {
    return new WorkbenchError(
      'farm-not-permitted',
      `The farm at ${url} does not let this user do what is needed: ${message.replace(/^NOPERM\s*/, '')}.`,
      'Give the user the rights in docs/farm.md ("Rights").',
      cause,
    );
  }
  if (message.startsWith('WRONGTYPE')) {
    return new WorkbenchError(
      'farm-foreign-data',
      `The Redis at ${url} holds data of other programs under names of the farm (zico:...).`,
      'Give the farm a database of its own (redis://HOST:PORT/1).',
      cause,
    );
  }
  if (/^(OOM|MISCONF)|OOM command not allowed/.test(message)) return full(url, message, cause);
  if (certificateCodes.test(code) || /certificate/i.test(message)) {
    return new WorkbenchError(
      'farm-certificate',
      `The certificate of ${url} is not accepted: ${message}.`,
      'Name the certificate authority with --farm-ca, and your own certificate with --farm-cert and --farm-key where the server asks for one.',
      cause,
    );
  }
  if (/WRONG_VERSION_NUMBER|packet length too long|SSL routines/i.test(`${code} ${message}`)) {
    return noTls(url, error);
  }
  return new WorkbenchError(
    'farm-unreachable',
    `The farm at ${url} does not answer: ${message || code}.`,
    'Check that Redis is running there, the port, the network in between, and that rediss:// is used where it requires TLS.',
    cause,
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

/** True for errors after which the same command may succeed later: the search and the workers wait. */
export function isPassing(error: unknown): boolean {
  const message = error instanceof Error ? error.message : '';
  return /^(OOM|MISCONF|LOADING|BUSY|READONLY|TRYAGAIN|NOREPLICAS)|OOM command|Connection is closed|ECONN|EPIPE|ETIMEDOUT|Command timed out/.test(
    message,
  );
}
