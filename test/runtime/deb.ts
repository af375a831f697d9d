/**
 * The packaged app as a .deb, made by dpkg-deb alone: electron-builder's own way downloads a program for it. What
 * lies in packaging/deb are templates of its small files.
 */
import { globSync, lstatSync } from 'node:fs';
import { chmod, cp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { udev } from '../../main/phone/adb/udev.ts';
import { run } from './run.ts';

const root = path.join(import.meta.dirname, '..', '..');
const templates = path.join(root, 'packaging/deb');
const resources = path.join(root, 'main/electron/resources');

export interface DebOptions {
  /** The folder with the packaged app. */
  readonly app: string;
  readonly version: string;
  /** It is built on the Electron of the tests: its name says so, and it can lie beside a real one. */
  readonly forTests: boolean;
  /** Where the file is made, and for a while what goes into it. */
  readonly output: string;
}

/** Debian's names of processors. */
const architectures: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

/** What Electron links against, and what makes a double click on a run find the app. */
const depends = [
  ...['libgtk-3-0t64 | libgtk-3-0', 'libnss3', 'libgbm1', 'libasound2t64 | libasound2'],
  'libx11-xcb1', // loaded at run time: ldd does not show it
  ...['shared-mime-info', 'desktop-file-utils', 'hicolor-icon-theme', 'xdg-utils'],
];

/** Every dpkg since Debian 12's reads it; xz is a fifth smaller and takes minutes. */
const compression = ['-Zzstd', '-z10'];

/** Makes the .deb and returns its path. Throws Error where dpkg-deb is missing or refuses. */
export async function makeDeb({ app, version, forTests, output }: DebOptions): Promise<string> {
  const name = forTests ? 'zico-workbench-test' : 'zico-workbench';
  const title = forTests ? 'ZiCo Workbench (test)' : 'ZiCo Workbench';
  const architecture = architectures[process.arch];
  if (architecture === undefined) throw new Error(`There is no .deb for ${process.arch}.`);
  const tree = path.join(output, `${name}.deb-tree`);
  await rm(tree, { recursive: true, force: true });
  const put = async (file: string, content: string | Uint8Array, mode = 0o644) => {
    const place = path.join(tree, file);
    await mkdir(path.dirname(place), { recursive: true });
    await writeFile(place, content, { mode });
  };
  const filled = async (template: string) =>
    (await readFile(path.join(templates, template), 'utf8'))
      .replaceAll('@NAME@', name)
      .replaceAll('@TITLE@', title);

  const installed = `opt/${name}`;
  await mkdir(path.join(tree, 'opt'), { recursive: true });
  await cp(app, path.join(tree, installed), { recursive: true });
  // Where a kernel lets nobody make user namespaces, Chromium's sandbox needs this program to be root's.
  await chmod(path.join(tree, installed, 'chrome-sandbox'), 0o4755);
  await put(`${installed}/resources/apparmor-profile`, await filled('apparmor-profile'));
  await mkdir(path.join(tree, 'usr/bin'), { recursive: true });
  await symlink(`/${installed}/zico-workbench`, path.join(tree, 'usr/bin', name));

  await put(`usr/share/applications/${name}.desktop`, await filled('application.desktop'));
  await put(`usr/share/mime/packages/${name}.xml`, await filled('mime.xml'));
  const icons = 'usr/share/icons/hicolor';
  for (const [size, icon] of [
    ['512x512', 'png'],
    ['scalable', 'svg'],
  ] as const) {
    const picture = await readFile(path.join(resources, `icon.${icon}`));
    await put(`${icons}/${size}/apps/${name}.${icon}`, picture);
  }

  const documents = `usr/share/doc/${name}`;
  await put(`${documents}/copyright`, await copyright(app));
  const changes = await readFile(path.join(root, 'CHANGELOG.md'));
  await put(`${documents}/changelog.gz`, gzipSync(changes, { level: 9 }));
  await put(`${documents}/examples/51-zico-samsung.rules`, udevRules(name));

  const bytes = bytesIn(tree);
  await put('DEBIAN/control', control({ name, version, architecture, forTests, bytes }));
  await put('DEBIAN/postinst', await filled('postinst'), 0o755);
  await put('DEBIAN/prerm', await filled('prerm'), 0o755);
  // The person who packs may keep others from reading what they make.
  await run('chmod', ['-R', 'u+rwX,go+rX,go-w', tree]);

  const file = path.join(output, `${name}_${version}_${architecture}.deb`);
  await run('dpkg-deb', ['--root-owner-group', ...compression, '--build', tree, file]);
  await rm(tree, { recursive: true });
  return file;
}

interface Control {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  readonly forTests: boolean;
  /** Unpacked. */
  readonly bytes: number;
}

function control({ name, version, architecture, forTests, bytes }: Control): string {
  const fields = {
    Package: name,
    Version: version,
    Section: 'science',
    Priority: 'optional',
    Architecture: architecture,
    Maintainer: 'The ZiCo Workbench authors <noreply@zico-workbench.org>',
    'Installed-Size': Math.ceil(bytes / 1024),
    Depends: depends.join(', '),
    Recommends: 'adb',
    Description: `finds vision networks for a phone without training any of them${forTests ? ' (test)' : ''}`,
  };
  const lines = Object.entries(fields).map(([field, value]) => `${field}: ${value}`);
  const long = [
    'ZiCo Workbench scores candidate networks by ZiCo-BC, searches spaces of them for the',
    'best trade of score against latency, and exports what is chosen as ONNX and PyTorch.',
    ...(forTests
      ? ['.', 'Built on the Electron of the tests, which is out of support: for tests only.']
      : []),
  ];
  return [...lines, ...long.map((line) => ` ${line}`), ''].join('\n');
}

/** Debian's file of terms: the product's, then those of everything it carries. */
async function copyright(app: string): Promise<string> {
  const [own, others] = await Promise.all([
    readFile(path.join(root, 'LICENSE'), 'utf8'),
    readFile(path.join(app, 'THIRD_PARTY_NOTICES.txt'), 'utf8'),
  ]);
  return `${own.trim()}\n\n${others}`;
}

/** An example, since a rule opens phones to whoever sits at the computer: whoever installs decides. */
function udevRules(name: string): string {
  const here = `/usr/share/doc/${name}/examples/51-zico-samsung.rules`;
  return [
    '# Lets whoever is logged in at this computer measure on a Samsung phone over USB. It does nothing here; to use it:',
    `#   sudo cp ${here} /etc/udev/rules.d/`,
    `#   ${udev.reload}`,
    udev.rule,
    '',
  ].join('\n');
}

function bytesIn(tree: string): number {
  let bytes = 0;
  for (const name of globSync('**/*', { cwd: tree })) {
    const entry = lstatSync(path.join(tree, name));
    if (entry.isFile()) bytes += entry.size;
  }
  return bytes;
}
