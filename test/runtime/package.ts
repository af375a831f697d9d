/**
 * `npm run package`: the installable app as a folder, release/linux-unpacked and its like elsewhere.
 *
 *   node test/runtime/package.ts [deb] [--release] [--for-tests] [--output FOLDER] [--no-build] [--updates URL]
 *
 * The Electron that package.json declares is used where it is installed; elsewhere, on Linux, the one of
 * the tests, whose age makes such a package one to try and not one to give away. A package for tests
 * keeps the inspector, through which Playwright drives it; a released one has it switched off.
 */
import { execFile } from 'node:child_process';
import { existsSync, globSync, lstatSync, readFileSync, writeFileSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { build, Platform, type Configuration } from 'electron-builder';
import { libraryFiles, ownPlatform } from '../../main/latency/tflite/library.ts';
import { bundleKinds, manifestName } from '../../main/phone/runner/bundles.ts';
import { packBundle } from '../../main/phone/runner/packed.ts';
import { makeDeb } from './deb.ts';
import { electronRuntime, runtimeVersion } from './electron.ts';
import { run } from './run.ts';
import type { Known } from '../../main/common/known.ts';

const root = path.join(import.meta.dirname, '..', '..');

/** What the package may add to the runtime that it is built on, TensorFlow Lite included, MB (10^6 bytes). */
const allowanceMb = 130;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    'for-tests': { type: 'boolean', default: false },
    release: { type: 'boolean', default: false },
    output: { type: 'string', default: path.join(root, 'release') },
    updates: { type: 'string' },
    'no-build': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(
    'npm run package -- [deb] [--release] [--for-tests] [--output FOLDER] [--no-build] [--updates URL]\n\n' +
      '  deb           a .deb as well, of the folder; around the Electron of the tests it is called -test\n' +
      '  --release     refuse to build on the Electron of the tests\n' +
      '  --for-tests   keep the inspector on, so that Playwright can drive the package\n' +
      '  --output      where to put it (release)\n' +
      '  --updates     address under which newer versions will lie; without it the app looks for none\n' +
      '  --no-build    take dist/ as it is',
  );
} else if (positionals.some((target) => target !== 'deb')) {
  console.error(`What can be made beside the folder is "deb", not "${positionals.join(' ')}".`);
  process.exit(2);
} else {
  // Said outright: electron-builder leaves an exit code of its own behind.
  process.exit(await makePackage());
}

async function makePackage(): Promise<number> {
  if (values.release && officialElectron() === null) {
    console.error(
      'A release is built on the Electron that package.json declares, which is not downloaded: run "node node_modules/electron/install.js" where GitHub can be reached, then this again. Without --release a package is made for tests.',
    );
    return 1;
  }
  if (!values['no-build']) await buildParts();
  await packRunners();
  const scratch = await mkdtemp(path.join(os.tmpdir(), 'zico-package-'));
  try {
    const runtime = await cleanRuntime(scratch);
    await build({
      targets: Platform.current().createTarget('dir'),
      projectDir: root,
      config: configuration(runtime),
    });
    await writeSbom();
    const code = report(runtime?.folder);
    if (code === 0 && positionals.includes('deb')) await writeDeb(runtime !== undefined);
    return code;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Around the folder that was packaged. @param forTests it is built on the Electron of the tests */
async function writeDeb(forTests: boolean): Promise<void> {
  const { output } = values;
  const [app] = globSync('linux*-unpacked', { cwd: output });
  if (app === undefined) throw new Error('A .deb is made on Linux only.');
  const options = { app: path.join(output, app), version: productVersion(), forTests, output };
  const file = await makeDeb(options);
  console.log(`${file}: ${(lstatSync(file).size / 1e6).toFixed(0)} MB`);
}

function productVersion(): string {
  const manifest = readFileSync(path.join(root, 'package.json'), 'utf8');
  return (JSON.parse(manifest) as { readonly version: string }).version;
}

/** The folder of the Electron that package.json declares; null where its download is missing. */
function officialElectron(): string | null {
  const electron = path.dirname(createRequire(import.meta.url).resolve('electron/package.json'));
  return existsSync(path.join(electron, 'path.txt')) ? electron : null;
}

/** The software bill of materials of what a package carries, beside it: npm's own, in CycloneDX. */
async function writeSbom(): Promise<void> {
  const args = ['sbom', '--sbom-format', 'cyclonedx', '--omit', 'dev'];
  const { stdout } = await promisify(execFile)('npm', args, { cwd: root, maxBuffer: 1e8 });
  writeFileSync(path.join(values.output, `zico-workbench-${productVersion()}.cdx.json`), stdout);
}

/** What runs models on phones, compressed: without it a packaged Workbench measures on no phone. */
async function packRunners(): Promise<void> {
  for (const kind of bundleKinds) {
    const built = path.join(root, 'dist/runner', kind);
    const packed = path.join(root, 'dist/runner-packed', kind);
    if (!existsSync(path.join(built, manifestName))) {
      await rm(packed, { recursive: true, force: true });
      console.log(`Without the ${kind} runner for phones: "npm run build:runner" was not run.`);
    } else if (!isPacked(built, packed)) {
      await packBundle(built, packed);
    }
  }
}

/** A manifest names every file's digest: where it is the same, so is the rest. */
function isPacked(built: string, packed: string): boolean {
  const [mine, theirs] = [built, packed].map((folder) =>
    path.join(folder, manifestName),
  ) as Known<string>;
  return existsSync(theirs) && readFileSync(mine).equals(readFileSync(theirs));
}

async function buildParts(): Promise<void> {
  await run(
    process.execPath,
    [path.join(root, 'node_modules/vite/bin/vite.js'), 'build', '--app'],
    {
      cwd: root,
    },
  );
  const file = libraryFiles[ownPlatform]?.from[1];
  if (file === undefined || !existsSync(path.join(root, 'dist/tflite', file))) {
    console.log(
      `Without TensorFlow Lite on this computer: ${file === undefined ? `there is none for ${ownPlatform}` : '"npm run build:tflite" was not run'}.`,
    );
  }
  if (existsSync(path.join(root, 'dist/native/onednn.node'))) return;
  console.log('Without the onednn engine: "npm run build:native" was not run. onnxruntime scores.');
}

interface Runtime {
  readonly folder: string;
  readonly version: string;
}

/** A copy of the tests' runtime without their loader; undefined where the declared Electron is installed. */
async function cleanRuntime(scratch: string): Promise<Runtime | undefined> {
  if (officialElectron() !== null) return undefined;
  const folder = path.join(scratch, 'electron');
  await cp(await electronRuntime(console.log), folder, {
    recursive: true,
    filter: (file) => path.basename(path.dirname(file)) !== 'resources' || !file.endsWith('app'),
  });
  return { folder, version: runtimeVersion };
}

function configuration(runtime: Runtime | undefined): Configuration {
  return {
    extends: path.join(root, 'electron-builder.yml'),
    directories: { output: path.resolve(values.output) },
    ...(runtime ? { electronDist: runtime.folder, electronVersion: runtime.version } : {}),
    ...(values.updates ? { publish: { provider: 'generic', url: values.updates } } : {}),
    ...(values['for-tests'] ? { electronFuses: { enableNodeCliInspectArguments: true } } : {}),
  };
}

/** Prints what the package weighs; it may not outgrow its runtime by more than the allowance. */
function report(runtimeFolder: string | undefined): number {
  const packaged = globSync('*-unpacked', { cwd: values.output }).map((name) =>
    path.join(path.resolve(values.output), name),
  )[0];
  if (!packaged) return 0; // macOS names its folder otherwise, and compresses it
  const total = sizeMb(packaged);
  console.log(`\n${packaged}: ${total.toFixed(0)} MB`);
  if (!runtimeFolder) return 0;
  const added = total - sizeMb(runtimeFolder);
  console.log(`beyond Electron itself: ${added.toFixed(0)} MB of ${allowanceMb} MB allowed`);
  if (added <= allowanceMb) return 0;
  console.error('The package is too large.');
  return 1;
}

/** Bytes of all files below, in 10^6. */
function sizeMb(folder: string): number {
  let bytes = 0;
  for (const name of globSync('**/*', { cwd: folder })) {
    const entry = lstatSync(path.join(folder, name));
    if (entry.isFile()) bytes += entry.size;
  }
  return bytes / 1e6;
}
