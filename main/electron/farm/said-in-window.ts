/** What goes wrong with a farm, with what to do about it in the window: elsewhere that are options of commands. */
import { WorkbenchError, type ErrorReport } from '../../errors.ts';

/** What docs/farm.md says of the Redis stands there as well. */
const guidePage = 'the guide, "More than one machine"';

const hints: Readonly<Record<string, string>> = {
  'farm-password-in-url':
    'Leave it out of the address and type it into its own field. Change it: it may have been seen.',
  'farm-password-wrong': 'Type it again, and check the user in the address.',
  'farm-password-needed': 'Type it into the field below the address.',
  'farm-certificate': 'Choose the certificate of the authority that signed it.',
  'farm-certificate-asked':
    'A certificate of this computer can be given to zico search and zico worker alone.',
  'farm-not-permitted': `Give the user the rights in ${guidePage}.`,
  'farm-protected': `Give it a password and TLS (${guidePage}), or use a tunnel (ssh -L).`,
  'farm-no-tls': `Switch TLS on in the Redis (${guidePage}), or use the port on which it has it.`,
  'farm-redis-mode': `A farm needs one Redis of its own: redis-server with the settings in ${guidePage}.`,
  'farm-not-encrypted':
    'Use rediss://, or a tunnel (ssh -L 6379:127.0.0.1:6379 HOST) and redis://127.0.0.1, or say that you trust the network between.',
  'farm-host-latency':
    'Let the farm alone score, so that this computer measures by itself, or choose another latency.',
  'farm-phones-several': 'Choose one of them in the form.',
  'farm-no-phones':
    'Start "zico worker --farm URL" on the computer that a phone is plugged into, or choose a phone that is plugged in here.',
  'farm-phones-needed': 'Name the farm on the page Computers.',
};

export function saidInWindow(report: ErrorReport): ErrorReport {
  const hint = hints[report.code];
  return hint === undefined ? report : { ...report, hint };
}

/** Throws it again, as the window says it. */
export function thrownInWindow(error: unknown): never {
  if (!(error instanceof WorkbenchError) || hints[error.code] === undefined) throw error;
  throw WorkbenchError.fromReport(saidInWindow(error.toReport()));
}
