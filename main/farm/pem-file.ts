/** Certificates and keys from files that a person names. */
import { WorkbenchError } from '../errors.ts';
import { readInputFile } from '../files.ts';

/** Throws WorkbenchError `farm-certificate`, and what reading files throws. */
export async function readPem(file: string): Promise<string> {
  const text = Buffer.from(await readInputFile(file)).toString('utf8');
  if (text.includes('-----BEGIN ')) return text;
  throw new WorkbenchError(
    'farm-certificate',
    `${file} holds no certificate or key in PEM.`,
    'Such a file begins with -----BEGIN.',
  );
}
