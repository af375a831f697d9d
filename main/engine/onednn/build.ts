/**
 * `npm run build:native`: builds the onednn engine into dist/native. Needs a C++17 compiler and the
 * headers of oneDNN 2.x (Debian: libdnnl-dev); docs/native.md says more. `--sanitize` builds into
 * dist/native-sanitized a variant that checks for memory errors and undefined behaviour while it computes, which
 * tests load. `--output FOLDER` builds elsewhere; `--arm64 FOLDER` cross-compiles for Linux on arm64, with the
 * headers and libraries unpacked in that folder (test/runtime/wheels.ts).
 */
import { execFile, execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { parseArgs, promisify } from 'node:util';
import type { Addon } from './addon.ts';
import { buildObstacle, compiler, crossCompiler } from './prerequisites.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const source = path.join(import.meta.dirname, 'native');
const { values } = parseArgs({
  options: {
    sanitize: { type: 'boolean', default: false },
    output: { type: 'string' },
    arm64: { type: 'string' },
  },
});
const { sanitize, arm64: crossRoot } = values;
const arch = crossRoot === undefined ? process.arch : 'arm64';
const builder = crossRoot === undefined ? compiler : crossCompiler;
const target = path.resolve(
  values.output ?? path.join(root, sanitize ? 'dist/native-sanitized' : 'dist/native'),
);
/** Where Debian keeps the libraries of the other processor. */
const crossLibraries = path.join(crossRoot ?? '', 'usr/lib/aarch64-linux-gnu');
const objects = path.join(target, 'objects');
const library = path.join(target, 'onednn.node');

const checks = ['-fsanitize=address,undefined', '-fno-sanitize-recover=all'];
const flags = [
  '-std=c++17',
  ...(sanitize ? ['-O1', '-g', '-fno-omit-frame-pointer', ...checks] : ['-O3']),
  '-Wall',
  '-Wextra',
  '-fPIC',
  '-fopenmp',
  ...(arch === 'x64' ? ['-mavx2', '-mfma', '-DZICO_X64'] : []),
  '-DNAPI_VERSION=8',
  '-DNAPI_CPP_EXCEPTIONS',
  `-I${path.join(root, 'node_modules/node-addon-api')}`,
  `-I${path.join(root, 'node_modules/node-api-headers/include')}`,
  ...(crossRoot === undefined
    ? []
    : ['usr/include', 'usr/include/aarch64-linux-gnu'].map(
        (include) => `-I${path.join(crossRoot, include)}`,
      )),
];

const obstacle = crossRoot === undefined ? buildObstacle() : null;
if (obstacle !== null) {
  console.error(
    `The onednn engine cannot be built: ${obstacle}. docs/native.md says what it needs.`,
  );
  process.exit(1);
}

rmSync(target, { recursive: true, force: true });
mkdirSync(objects, { recursive: true });
interface Unit {
  readonly file: string;
  /** Of the object file. */
  readonly name: string;
  readonly flags: readonly string[];
}

/** The inner loops, once for every instruction set. */
const kernels = (name: string, ...switches: readonly string[]): Unit => ({
  file: 'vector/kernels.cpp',
  name,
  flags: [`-DZICO_KERNELS=${name}`, '-Wno-psabi', ...switches],
});
const winogradKernels = (name: string, ...switches: readonly string[]): Unit => ({
  file: 'vector/winograd.cpp',
  name,
  flags: [`-DZICO_WINOGRAD=${name}`, '-Wno-psabi', ...switches],
});
const avx512 = ['f', 'vl', 'dq', 'bw'].map((part) => `-mavx512${part}`);
const units: readonly Unit[] = [
  ...readdirSync(source)
    .filter((file) => file.endsWith('.cpp'))
    .map((file) => ({ file, name: file, flags: [] })),
  // Without the switches of the others: for any other processor, and for tests to compare with.
  kernels('scalarKernels', ...(arch === 'x64' ? ['-mno-avx'] : [])),
  ...(arch === 'x64'
    ? [
        kernels('avx2Kernels'),
        kernels('avx512Kernels', ...avx512),
        winogradKernels('avx2Winograd'),
        winogradKernels('avx512Winograd', ...avx512),
      ]
    : []),
  ...(arch === 'arm64' ? [winogradKernels('neonWinograd')] : []),
];
const run = promisify(execFile);
const objectOf = ({ name }: Unit) => path.join(objects, `${name}.o`);
// As many at a time as there are processors: each takes a few hundred megabytes.
const waiting = [...units];
const compileNext = async (): Promise<void> => {
  for (let unit = waiting.shift(); unit; unit = waiting.shift()) {
    const own = [...flags, ...unit.flags];
    const job = [...own, '-c', path.join(source, unit.file), '-o', objectOf(unit)];
    const { stderr } = await run(builder, job);
    process.stderr.write(stderr);
  }
};
await Promise.all(Array.from({ length: availableParallelism() }, compileNext));
const built = units.map(objectOf);
// The libraries are beside the add-on; what Node exports is known only to the process that loads it.
const found =
  process.platform === 'darwin'
    ? ['-undefined', 'dynamic_lookup', '-Wl,-rpath,@loader_path']
    : ['-Wl,-rpath,$ORIGIN'];
const shared = ['-shared', '-fopenmp', ...found, ...(sanitize ? checks : [])];
const beside =
  crossRoot === undefined ? [] : [`-L${crossLibraries}`, `-Wl,-rpath-link,${crossLibraries}`];
const link = [...shared, ...beside, '-o', library, ...built, '-ldnnl'];
execFileSync(builder, link, { stdio: 'inherit' });
rmSync(objects, { recursive: true });
copyLibraries();
const shown = path.relative(root, target);
if (crossRoot !== undefined) {
  console.log(`Built the onednn engine for arm64 into ${shown}.`);
} else if (sanitize) {
  // It only loads into a process that was started with the sanitizer's library.
  console.log(`Built the onednn engine with sanitizers into ${shown}.`);
} else {
  const addon = createRequire(import.meta.url)(library) as Pick<Addon, 'version' | 'winograd'>;
  const { version, winograd } = addon;
  writeFileSync(path.join(target, 'onednn.json'), JSON.stringify({ version, winograd }));
  console.log(`Built the onednn engine ${version} into ${shown}.`);
}

/** What the add-on needs at run time lies beside it, so that a package carries it. */
function copyLibraries(): void {
  if (process.platform !== 'linux') return;
  if (crossRoot !== undefined) {
    for (const name of ['libdnnl.so.2', 'libgomp.so.1', 'libOpenCL.so.1']) {
      copyFileSync(path.join(crossLibraries, name), path.join(target, name));
    }
    return;
  }
  const needed = execFileSync('ldd', [library], { encoding: 'utf8' });
  for (const [, name = '', file = ''] of needed.matchAll(/(\S+) => (\/\S+)/g)) {
    const carried = /^lib(dnnl|gomp|OpenCL)\.so/.test(name) && existsSync(file);
    if (carried) copyFileSync(file, path.join(target, name));
  }
}
