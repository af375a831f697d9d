/** What is given away, line by line; test/e2e/packaged.long.e2e.ts looks at a package that was made. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { decode } from 'fast-png';
import { describe, expect, it } from 'vitest';

const root = path.join(import.meta.dirname, '..', '..');
/** The reader of electron-builder itself. */
const { load } = createRequire(createRequire(import.meta.url).resolve('electron-builder'))(
  'js-yaml',
) as { load(text: string): Record<string, unknown> };
const settings = load(readFileSync(path.join(root, 'electron-builder.yml'), 'utf8'));

describe('the package', () => {
  it('is one application to every system', () => {
    expect(settings).toMatchObject({
      appId: 'org.zico-workbench.app',
      productName: 'ZiCo Workbench',
    });
  });

  it('is an AppImage and a deb, an installer for Windows and a disk image for macOS', () => {
    expect(settings).toMatchObject({
      linux: { target: ['AppImage', 'deb'], category: 'Science' },
      win: { target: 'nsis' },
      mac: { target: 'dmg', hardenedRuntime: true },
      nsis: { oneClick: false },
    });
    // A deb names who answers for it.
    expect((settings['linux'] as { maintainer?: string }).maintainer).toBeTruthy();
  });

  it('switches off what a released window does not need', () => {
    expect(settings['electronFuses']).toEqual({
      runAsNode: false,
      enableCookieEncryption: true,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      grantFileProtocolExtraPrivileges: false,
    });
    expect(settings['asar']).toBe(true);
  });

  it('opens run files', () => {
    expect(settings['fileAssociations']).toMatchObject([
      { ext: 'zico', mimeType: 'application/x-zico-run', role: 'Editor' },
    ]);
  });

  it('has an icon that is large enough for every system', () => {
    const { buildResources } = settings['directories'] as { buildResources: string };
    const icon = decode(readFileSync(path.join(root, buildResources, 'icon.png')));
    expect(icon.width).toBe(icon.height);
    expect(icon.width).toBeGreaterThanOrEqual(512);
  });
});
