/** Which package of the fast engine is taken. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packagedFolder, packageName } from '../../../../main/engine/onednn/packaged.ts';
import { productVersion } from '../../../../main/version.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'zico-packaged-engine-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Installs a package of that version, which needs that C library. */
function install(version: string, glibc: string, files: readonly string[] = ['onednn.node']) {
  const place = path.join(folder, 'node_modules', packageName);
  mkdirSync(path.join(place, 'lib'), { recursive: true });
  writeFileSync(path.join(place, 'package.json'), JSON.stringify({ version, glibc }));
  for (const file of files) writeFileSync(path.join(place, 'lib', file), '');
  return path.join(place, 'lib');
}
const found = (glibc: string | null) =>
  packagedFolder(path.join(folder, 'dist/main/cli.js'), glibc);

describe('the fast engine as a package', () => {
  it('is found beside the product', () => {
    expect(found('2.36')).toBeNull();
    const library = install(productVersion, '2.36');
    expect(found('2.36')).toBe(library);
    expect(found('2.41')).toBe(library);
    expect(found('3.0')).toBe(library);
  });

  it('is passed over in another version, whose scores could differ in their last digits', () => {
    install('0.1.0', '2.36');
    expect(found('2.36')).toBeNull();
  });

  it('is passed over where the C library is older, or another one', () => {
    install(productVersion, '2.36');
    expect(found('2.35')).toBeNull();
    expect(found(null)).toBeNull();
  });

  it('is passed over before it was built', () => {
    install(productVersion, '2.36', []);
    expect(found('2.36')).toBeNull();
  });
});
