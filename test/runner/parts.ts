/** What tests need beside the sources: built or looked for before the first test, left out by name where it cannot be had. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { builtVersion } from '../../main/engine/onednn/addon.ts';
import { buildObstacle } from '../../main/engine/onednn/prerequisites.ts';
import { runtimeIsAvailable } from '../runtime/electron.ts';
import { ensureAdbd } from '../phone/adbd.ts';
import { find } from '../phone/requirements.ts';

const root = path.join(import.meta.dirname, '..', '..');

/** Vitest's projects that a part can take with it. */
export type Project = 'node' | 'renderer' | 'phone' | 'e2e';

export interface TestPart {
  readonly name: string;
  /** Makes or finds it. Throws an Error that says what is missing. */
  readonly prepare: (say: (line: string) => void) => Promise<void>;
  /** What cannot run without it. */
  readonly projects?: readonly Project[];
  readonly files?: readonly string[];
}

const runnerScript = path.join(root, 'main/phone/runner/build.ts');
const tfliteScript = path.join(root, 'main/latency/tflite/build.ts');

export const testParts: readonly TestPart[] = [
  // Its tests skip themselves.
  { name: 'the fast engine (onednn)', prepare: fastEngine },
  {
    name: 'PyTorch, the yardstick of gradients and exports',
    prepare: pytorch,
    files: [
      'test/main/export/weights.test.ts',
      'test/main/export/pytorch/{module-file,functions}.test.ts',
      'test/main/graph/onnx/pytorch-exports.long.test.ts',
      'test/main/engine/pytorch.long.test.ts',
      'test/main/export/training/**',
      'test/e2e/first-use.e2e.ts',
    ],
  },
  {
    name: "TensorFlow Lite's library",
    prepare: async (say) => {
      say((await promisify(execFile)(process.execPath, [tfliteScript]).catch(told)).stdout.trim());
    },
    files: ['test/main/tflite/**', 'test/main/phone/runners/self-test.test.ts'],
  },
  {
    name: 'the runners for phones',
    prepare: async (say) => {
      const { stdout } = await promisify(execFile)(process.execPath, [runnerScript]).catch(told);
      say(stdout.trim());
    },
    projects: ['phone'],
    files: [
      'test/main/phone/runner/**',
      'test/main/phone/runners/{own-runners,agreement.long}.test.ts',
      'test/e2e/*phone*',
      'test/e2e/packaged.long.e2e.ts',
    ],
  },
  {
    name: "the emulated phone's adbd",
    prepare: async (say) => {
      await ensureAdbd(say);
    },
    projects: ['phone'],
    files: ['test/e2e/*phone*'],
  },
  { name: 'a window', prepare: display, projects: ['e2e'] },
  {
    name: 'a clean Debian to install on',
    prepare: cleanDebian,
    files: ['test/e2e/installed.long.e2e.ts'],
  },
];

async function fastEngine(): Promise<void> {
  if (builtVersion() !== null) return;
  throw new Error(`It was not built: ${buildObstacle() ?? 'npm run build:native was not run'}.`);
}

async function pytorch(): Promise<void> {
  const python = process.env['ZICO_PYTHON'] ?? '/usr/bin/python3';
  const looks = 'import importlib.util as u, sys; sys.exit(u.find_spec("torch") is None)';
  try {
    await promisify(execFile)(python, ['-c', looks]);
  } catch (cause) {
    throw new Error(`${python} has no PyTorch.`, { cause });
  }
}

async function display(): Promise<void> {
  if (!runtimeIsAvailable()) {
    throw new Error('The Electron of the tests runs on 64-bit Linux PCs only.');
  }
  for (const program of ['xvfb-run', 'unzip']) {
    if ((await find(program)) === undefined) throw new Error(`There is no ${program}.`);
  }
}

async function cleanDebian(): Promise<void> {
  if (process.getuid?.() !== 0) throw new Error('Only root can make one.');
  if ((await find('debootstrap')) === undefined) throw new Error('There is no debootstrap.');
}

/** A tool of ours says in its last line what is wrong. */
function told(error: unknown): never {
  const { stderr = '', message } = error as { readonly stderr?: string; readonly message: string };
  throw new Error(stderr.trim().split('\n').at(-1) || message, { cause: error });
}

export interface Prepared {
  readonly ready: readonly string[];
  readonly missing: readonly { readonly part: TestPart; readonly reason: string }[];
}

/** Makes one part after the other; whatever fails is told and the next one tried. */
export async function prepareParts(
  say: (line: string) => void,
  parts: readonly TestPart[] = testParts,
): Promise<Prepared> {
  const ready: string[] = [];
  const missing: { part: TestPart; reason: string }[] = [];
  for (const part of parts) {
    try {
      await part.prepare(say);
      ready.push(part.name);
    } catch (error) {
      const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
      say(`Without ${part.name}: ${reason}`);
      missing.push({ part, reason });
    }
  }
  if (missing.length > 0)
    say('The tests that need them are left out. To have them: bash .ci/system-packages.sh');
  return { ready, missing };
}
