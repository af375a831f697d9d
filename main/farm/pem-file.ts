/** Certificates and keys from files that a person names, looked at before anything is connected. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { WorkbenchError } from '../errors.ts';
import { readInputFile } from '../files.ts';

const certificates =
  /-----BEGIN (TRUSTED )?CERTIFICATE-----[^-]*-----END (TRUSTED )?CERTIFICATE-----/g;

/** One certificate or several. Throws WorkbenchError `farm-certificate-file`, and what reading files throws. */
export async function readCertificates(file: string): Promise<string> {
  const text = await readPem(file);
  try {
    const found = text.match(certificates) ?? [];
    if (found.length === 0) throw new Error('there is a key or something else in it');
    for (const one of found) new X509Certificate(one);
    return text;
  } catch (cause) {
    throw unreadable(file, 'certificate', cause);
  }
}

/**
 * The key that belongs to a certificate.
 * Throws WorkbenchError `farm-certificate-file`, and what reading files throws.
 */
export async function readKey(file: string, certificate: string): Promise<string> {
  const text = await readPem(file);
  if (/ENCRYPTED/.test(text)) {
    throw new WorkbenchError(
      'farm-certificate-file',
      `The key in ${file} is locked with a passphrase.`,
      'Take it off in a copy that you alone may read: openssl pkey -in KEY -out COPY.',
    );
  }
  let fits: boolean;
  try {
    fits = new X509Certificate(certificate).checkPrivateKey(createPrivateKey(text));
  } catch (cause) {
    throw unreadable(file, 'private key', cause);
  }
  if (fits) return text;
  throw new WorkbenchError(
    'farm-certificate-file',
    `The key in ${file} is not that of the certificate.`,
    'Name the key with which the certificate was asked for.',
  );
}

async function readPem(file: string): Promise<string> {
  const text = Buffer.from(await readInputFile(file)).toString('utf8');
  if (text.includes('-----BEGIN ')) return text;
  throw new WorkbenchError(
    'farm-certificate-file',
    `${file} holds no certificate or key in PEM.`,
    'Such a file begins with -----BEGIN.',
  );
}

function unreadable(file: string, what: string, cause: unknown): WorkbenchError {
  return new WorkbenchError(
    'farm-certificate-file',
    `${file} holds no ${what} that can be read: ${(cause as Error).message}.`,
    `A ${what} in PEM begins with -----BEGIN ${what === 'certificate' ? 'CERTIFICATE' : 'PRIVATE KEY'}-----.`,
    { cause },
  );
}
