/** Options shared by all commands that talk to a farm. */
import type { Command } from 'commander';
import { WorkbenchError } from '../errors.ts';
import { farmAddress, type FarmAccess } from '../farm/address.ts';
import { readCertificates, readKey } from '../farm/pem-file.ts';
import { readInputFile } from '../files.ts';

export interface FarmOptions {
  readonly farmPasswordFile?: string;
  readonly farmCa?: string;
  readonly farmCert?: string;
  readonly farmKey?: string;
  readonly insecure?: boolean;
}

/** An environment variable: unlike an argument, other users of the computer cannot see it. */
export const passwordVariable = 'ZICO_FARM_PASSWORD';

export function addFarmOptions(command: Command): Command {
  return command
    .option(
      '--farm-password-file <file>',
      `file that holds the farm's password (or set ${passwordVariable})`,
    )
    .option(
      '--farm-ca <file>',
      "certificate of the authority that signed the farm's (PEM; default: those that the system trusts)",
    )
    .option('--farm-cert <file>', 'client certificate, if the farm asks for one (PEM)')
    .option('--farm-key <file>', 'key of the client certificate (PEM)')
    .option('--insecure', 'allow a farm on another computer without TLS');
}

/**
 * Throws WorkbenchError: what `farmAddress` throws, `farm-password-file`, `bad-arguments`, and what reading files
 * throws.
 */
export async function farmAccess(url: string, options: FarmOptions): Promise<FarmAccess> {
  const { farmPasswordFile, farmCa, farmCert, farmKey, insecure = false } = options;
  const address = farmAddress(url, insecure);
  if ((farmCert === undefined) !== (farmKey === undefined)) {
    throw new WorkbenchError(
      'bad-arguments',
      'A client certificate and its key belong together.',
      'Give both --farm-cert and --farm-key, or neither.',
    );
  }
  const certificate = farmCert === undefined ? null : await readCertificates(farmCert);
  return {
    address,
    password: await password(farmPasswordFile),
    ca: farmCa === undefined ? null : await readCertificates(farmCa),
    certificate,
    key: certificate === null ? null : await readKey(farmKey!, certificate),
  };
}

async function password(file: string | undefined): Promise<string | null> {
  const set = process.env[passwordVariable];
  // Child processes need not inherit it.
  delete process.env[passwordVariable];
  if (file === undefined) return set === undefined || set === '' ? null : set;
  const text = Buffer.from(await readInputFile(file))
    .toString('utf8')
    .replace(/^\uFEFF|\r?\n$/g, '');
  if (text !== '' && text.length <= 4096 && !/[\r\n\0]/.test(text)) return text;
  throw new WorkbenchError(
    'farm-password-file',
    `${file} does not hold one line with a password.`,
    'Write the password, and nothing else, into its first line.',
  );
}
