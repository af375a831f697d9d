/** The steps of a test run, in order, each with how it counts. */
import { spawn } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { electronRuntime, runtimeIsAvailable } from '../runtime/electron.ts';
import type { Project } from './parts.ts';
import { countsOfVitest, failuresOfVitest, type Counts } from './report.ts';
import { timedTests } from './timed-tests.ts';
import { windowFiles } from './window-files.ts';

export type Part = 'lint' | 'unit' | 'e2e';

export interface Outcome extends Counts {
  readonly failures?: readonly string[];
}

/** What looks at the sources only, on one processor; tests of which much of the time is waiting; windows. */
export type Alongside = 'reading' | 'tests' | 'windows';

export interface Step {
  readonly name: string;
  readonly run: () => Promise<Outcome>;
  /** Neighbours of one name may run at the same time; all but the first say what they have to say at their end. */
  readonly alongside?: Alongside;
}

export interface Plan {
  /** The *.long.test.ts files instead of everything else. */
  readonly long: boolean;
  readonly only: Part | undefined;
  /** What cannot run on this computer. */
  readonly without: { readonly projects: readonly Project[]; readonly files: readonly string[] };
}

/** Where what a program says goes: to this terminal at once, or when it ends. */
type Output = 'inherit' | 'pipe';

const root = path.join(import.meta.dirname, '..', '..');
const bin = (name: string): string => path.join(root, 'node_modules', '.bin', name);

/**
 * Threads of onednn wait for each other without computing: beside the tests of the other processors their usual spinning
 * takes several times as long as the work.
 */
const patientThreads = { OMP_WAIT_POLICY: 'passive' };

const lint: Step[] = [
  check('eslint', 'eslint', ['.']),
  check('prettier', 'prettier', ['--check', '--log-level', 'warn', '.']),
  check('walls (depcruise)', 'depcruise', [
    ...['main', 'preload', 'renderer'].filter((folder) => existsSync(path.join(root, folder))),
    ...['--config', '.dependency-cruiser.cjs'],
  ]),
];
const types: Step[] = [
  check('types (tsc)', 'tsc', ['--noEmit']),
  check('types of e2e (tsc)', 'tsc', ['--noEmit', '-p', 'test/e2e']),
  check('types (svelte-check)', 'svelte-check', [
    ...['--tsconfig', 'test/renderer/tsconfig.json', '--fail-on-warnings', '--output', 'human'],
  ]),
];
const build = tool('build', 'vite', ['build', '--app', '--logLevel', 'warn'], 'pipe');

/** Which steps a run has. Tests come after the build, since some start the built programs. */
export function planned({ long, only, without }: Plan): Step[] {
  const tests = () => unitTests(long, without);
  const windows = () => endToEnd(long, without);
  if (only === 'lint') return lint;
  if (only === 'e2e') return [build, ...windows()];
  if (only === 'unit') return [build, ...tests()];
  // The long run follows the short one, which has looked at style and types already.
  if (long) return [build, ...tests(), ...windows()];
  // It leaves a processor to what it runs beside for as long as it takes.
  return [...lint, ...types, { ...build, alongside: 'reading' }, ...tests(), ...windows()];
}

function unitTests(long: boolean, without: Plan['without']): Step[] {
  const files = (folder: string): readonly string[] =>
    globSync(`${folder}/**/*.test.ts`, { cwd: root }).filter(
      (file) => file.endsWith('.long.test.ts') === long,
    );
  const timed = timedTests.filter((file) => files('test').includes(file));
  const name = (what: string): string => (long ? `long ${what}` : what);
  const units = ['node', 'renderer'] as const;
  const leftOut = [...without.files, ...timed];
  const steps: Step[] = [];
  if (files('test').length > 0) {
    const run = () => runVitest(units, long, leftOut, { output: 'inherit' });
    steps.push({ name: name('tests'), run, alongside: 'tests' });
  }
  if (files('test/phone').length > 0 && !without.projects.includes('phone')) {
    const run = () => runVitest(['phone'], long, without.files, { output: 'pipe' });
    steps.push({ name: name('phone tests'), run, alongside: 'tests' });
  }
  if (timed.length > 0) {
    const run = () => runVitest(units, long, without.files, { filters: timed, alone: true });
    steps.push({ name: name('tests, timed'), run });
  }
  return steps;
}

/** A tool that is either happy or not, and only reads. */
function check(name: string, program: string, args: readonly string[]): Step {
  return { ...tool(name, program, args, 'pipe'), alongside: 'reading' };
}

/** A tool that is either happy or not. */
function tool(
  name: string,
  program: string,
  args: readonly string[],
  output: Output = 'inherit',
): Step {
  return {
    name,
    async run() {
      // eslint knows the types of everything at once: close to the 4 GB that Node allows itself.
      const options = `${process.env['NODE_OPTIONS'] ?? ''} --max-old-space-size=8192`.trim();
      const env = { ...process.env, NODE_OPTIONS: options };
      const exitCode = await stream(bin(program), args, env, output);
      return exitCode === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
    },
  };
}

function endToEnd(long: boolean, without: Plan['without']): Step[] {
  const folder = path.join(root, 'test/e2e');
  if (without.projects.includes('e2e') || !existsSync(folder)) return [];
  const step = (what: string, files: readonly string[], side?: Alongside): Step => ({
    name: `${long ? 'long ' : ''}windows (e2e), ${what}`,
    run: () => runWindows(long, without.files, files, side),
    ...(side && { alongside: side }),
  });
  const files = globSync('*.e2e.ts', { cwd: folder })
    .filter((name) => name.endsWith('.long.e2e.ts') === long)
    .map((name) => ({ name, bytes: statSync(path.join(folder, name)).size }));
  const { halves, timed } = windowFiles(files);
  return [
    step('one half', halves[0], 'windows'),
    step('other half', halves[1], 'windows'),
    step('timed', timed),
  ];
}

/** Outside the time limit of the first test that needs it, and once for all of them. */
let runtime: Promise<unknown> | undefined;

async function runWindows(
  long: boolean,
  leftOut: readonly string[],
  files: readonly string[],
  side: Alongside | undefined,
): Promise<Outcome> {
  try {
    if (runtimeIsAvailable()) await (runtime ??= electronRuntime(console.log));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return { passed: 0, failed: 1 };
  }
  // A display of their own, so that no window of this computer, nor one of the other half, takes the focus away.
  const prefix = process.platform === 'linux' ? ['xvfb-run', '-a'] : [];
  const filters = files.map((name) => `test/e2e/${name}`);
  const output = side ? 'pipe' : 'inherit';
  return runVitest(['e2e'], long, leftOut, { prefix, filters, output, alone: !side });
}

interface VitestOptions {
  /** A program that starts it, with its arguments. */
  readonly prefix?: readonly string[];
  /** Files to run; all where there are none. */
  readonly filters?: readonly string[];
  readonly output?: Output;
  /** One file at a time, and nothing beside it. */
  readonly alone?: boolean;
}

async function runVitest(
  projects: readonly Project[],
  long: boolean,
  leftOut: readonly string[],
  { prefix = [], filters = [], output, alone = false }: VitestOptions,
): Promise<Outcome> {
  const scratch = mkdtempSync(path.join(os.tmpdir(), 'zico-report-'));
  const report = path.join(scratch, 'report.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const [program, ...args] = [...prefix, bin('vitest'), 'run', ...filters, ...reporters];
  const env = {
    ...process.env,
    ZICO_TEST_PROJECTS: projects.join(','),
    ZICO_LONG_TESTS: long ? '1' : '0',
    ...(alone ? { ZICO_TESTS_ALONE: '1' } : patientThreads),
    ZICO_TESTS_LEFT_OUT: JSON.stringify(leftOut),
  };
  try {
    const exitCode = await stream(program ?? '', args, env, output);
    const text = existsSync(report) ? readFileSync(report, 'utf8') : undefined;
    const counts = countsOfVitest(text, exitCode);
    return counts.failed === 0 ? counts : { ...counts, failures: failuresOfVitest(text) };
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

/**
 * Runs a program on this terminal; a program that is not there counts as one that fails.
 *
 * @param output `pipe` keeps what the program says until it ends, so that programs that run at the
 * same time do not talk into each other
 */
function stream(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
  output: Output = 'inherit',
): Promise<number> {
  return new Promise((resolve) => {
    // On Windows npm's programs are .cmd files, which only a shell starts.
    const shell = process.platform === 'win32';
    const child = spawn(program, args, {
      cwd: root,
      env,
      stdio: ['inherit', output, output],
      shell,
    });
    const said: Buffer[] = [];
    for (const channel of [child.stdout, child.stderr]) {
      channel?.on('data', (piece: Buffer) => said.push(piece));
    }
    child.on('error', (error) => {
      console.error(`${program} could not start: ${error.message}`);
      resolve(1);
    });
    child.on('close', (code) => {
      process.stdout.write(Buffer.concat(said));
      resolve(code ?? 1);
    });
  });
}
