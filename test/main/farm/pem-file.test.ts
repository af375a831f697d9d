import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCertificates, readKey } from '../../../main/farm/pem-file.ts';

let folder: string;
const file = (name: string) => path.join(folder, name);
/** Quickly made on a busy computer. */
const ownKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'pipe' });
const code = (reading: Promise<string>) =>
  reading.then(
    () => 'read',
    (error: unknown) => (error as { code: string }).code,
  );

beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'zico-pem-'));
  for (const name of ['one', 'two']) {
    const own = ['-x509', ...ownKey, '-nodes', '-subj', `/CN=${name}`];
    openssl('req', ...own, '-keyout', file(`${name}.key`), '-out', file(`${name}.pem`));
  }
  const locked = ['-aes128', '-passout', 'pass:secret'];
  openssl('pkey', '-in', file('one.key'), ...locked, '-out', file('locked.key'));
  writeFileSync(file('both.pem'), pem('one.pem') + pem('two.pem'));
  writeFileSync(
    file('bad.pem'),
    '-----BEGIN CERTIFICATE-----\nnothing\n-----END CERTIFICATE-----\n',
  );
  writeFileSync(file('text'), 'hello');
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));
const pem = (name: string) => readFileSync(file(name), 'utf8');

describe('certificates and keys that a person names', () => {
  it('are read as they are', async () => {
    expect(await readCertificates(file('both.pem'))).toBe(pem('both.pem'));
    expect(await readKey(file('one.key'), pem('one.pem'))).toBe(pem('one.key'));
  });

  it('are refused by name before anything is connected', async () => {
    for (const name of ['text', 'bad.pem', 'one.key'])
      expect(await code(readCertificates(file(name)))).toBe('farm-certificate-file');
    for (const name of ['text', 'two.key', 'one.pem', 'locked.key'])
      expect(await code(readKey(file(name), pem('one.pem')))).toBe('farm-certificate-file');
    await expect(readKey(file('locked.key'), pem('one.pem'))).rejects.toThrow(/passphrase/);
    await expect(readKey(file('two.key'), pem('one.pem'))).rejects.toThrow(/not that of/);
  });
});
