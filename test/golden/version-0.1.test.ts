/** This version against what 0.1 said and stored: the same answers, the same rows, and its runs go on. */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { nodeProcesses } from '../../main/child/node-process.ts';
import { runCli } from '../../main/cli/run.ts';
import { builtVersion } from '../../main/engine/onednn/addon.ts';
import { productVersion } from '../../main/version.ts';
import { Workbench } from '../../main/workbench.ts';
import { workbenchPlaces } from '../support/engines.ts';
import {
  addedSince,
  lasting,
  recorded,
  recordedCommands,
  recordedRuns,
  recordOf,
  resumeArguments,
  rowsOf,
  searchArguments,
  type Answer,
  type EngineName,
  type RecordedRun,
  type Rows,
} from './version-0.1.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 }); // real children, on a machine that may be busy

const folder = mkdtempSync(path.join(tmpdir(), 'zico-version-0.1-'));
const runs = path.join(folder, 'runs');
const places = { runs, out: folder, records: recorded, golden: path.dirname(recorded) };
beforeAll(() => mkdirSync(runs));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const record = (...parts: string[]): unknown =>
  withoutAdded(JSON.parse(readFileSync(path.join(recorded, ...parts), 'utf8')));

/**
 * The last bits of a score follow the processor's instructions, in onnxruntime too: without AVX-512 ZiCo
 * differs from the fourth digit on. Those of onednn follow its version besides.
 */
const sameBits: Readonly<Record<EngineName, boolean>> = {
  onnxruntime: hasInstruction('avx512f'),
  onednn: builtVersion() === recordedVersion('native') && hasInstruction('avx512_bf16'),
};

function recordedVersion(run: string): string {
  const row = (record('rows', `${run}.json`) as Rows)['run']![0]!;
  return (row['scoring'] as { version: string }).version;
}

function hasInstruction(name: string): boolean {
  if (process.platform !== 'linux') return false;
  return new RegExp(`^flags\\s*:.*\\b${name}\\b`, 'm').test(readFileSync('/proc/cpuinfo', 'utf8'));
}

async function zico(args: readonly string[]): Promise<Answer> {
  let stdout = '';
  const code = await runCli(args, {
    version: productVersion,
    assetsFolder: workbenchPlaces.assetsFolder,
    stdout: (text) => (stdout += text),
    stderr: { write: () => undefined, isTTY: false, columns: () => 80 },
    openServices: () =>
      Promise.resolve(
        new Workbench({ processes: nodeProcesses, productVersion, ...workbenchPlaces }),
      ),
    interrupted: new AbortController().signal,
    stdin: async function* () {},
  });
  return { code, stdout };
}

/** The run as it lay there when its process was killed: with its log, written by nobody. */
function asKilled({ name }: RecordedRun, into: string): string {
  const file = path.join(into, `${name}.zico`);
  for (const suffix of ['', '-wal'])
    copyFileSync(path.join(recorded, 'runs', `${name}.zico${suffix}`), file + suffix);
  return file;
}

function expectWhole(run: RecordedRun, file: string, { code, stdout }: Answer): void {
  const search = { name: 'search', args: [] };
  const answer = recordOf(search, { code, stdout }, { ...places, runs: path.dirname(file) });
  expect(withoutAdded(answer)).toEqual(record('commands', `search-${run.name}.json`));
  expect(withoutAdded(rowsOf(file))).toEqual(record('rows', `${run.name}.json`));
}

/** Takes away what later versions added, where it has the value that means what 0.1 did. */
function withoutAdded(value: unknown): unknown {
  return lasting(value, {}, addedSince);
}

describe.each(recordedRuns)('the run $name of version 0.1, on $engine', (run) => {
  it('opens where it was killed, with what was committed', async () => {
    const into = mkdtempSync(path.join(folder, 'opened-'));
    const file = asKilled(run, into);
    const { code, stdout } = await zico(['analyse', file, '--json']);
    expect({ code, stdout }).toMatchObject({ code: 0 });
    expect(readdirSync(into)).toEqual([`${run.name}.zico`]);
    const whole = record('rows', `${run.name}.json`) as Rows;
    const { candidate, candidate_detail: details } = withoutAdded(rowsOf(file)) as Rows &
      Record<'candidate' | 'candidate_detail', Rows[string]>;
    expect(candidate.length).toBeGreaterThanOrEqual(run.killedAfter);
    expect(candidate.length).toBeLessThan(whole['candidate']!.length);
    for (const row of candidate)
      expect(row).toEqual(whole['candidate']!.find(({ id }) => id === row['id']));
    for (const row of details)
      expect(row).toEqual(whole['candidate_detail']!.find(({ id }) => id === row['id']));
    const best = String(candidate.find(({ status }) => status === 'evaluated')!['id']);
    const out = path.join(into, 'out');
    const exported = await zico([
      ...['export', '--run', file, '--candidate', best, '--out', out, '--json'],
    ]);
    expect(exported).toMatchObject({ code: 0 });
    expect(readdirSync(out)).toContain('model.onnx');
  });

  it.skipIf(!sameBits[run.engine])('goes on to what it would have become', async () => {
    const file = asKilled(run, runs);
    expectWhole(run, file, await zico(resumeArguments(file)));
  });

  it.skipIf(!sameBits[run.engine])('comes out the same when it is searched anew', async () => {
    const file = path.join(mkdtempSync(path.join(folder, 'anew-')), `${run.name}.zico`);
    expectWhole(run, file, await zico(searchArguments(run, file)));
  });
});

describe('what version 0.1 answered', () => {
  // The runs that commands look at; the tests above finish them where those are run as well.
  beforeAll(async () => {
    for (const run of recordedRuns.filter(({ engine }) => sameBits[engine]))
      if (!existsSync(path.join(runs, `${run.name}.zico`)))
        await zico(resumeArguments(asKilled(run, runs)));
  });

  for (const command of recordedCommands(folder, runs)) {
    const comparable = command.engine === undefined || sameBits[command.engine];
    it.skipIf(!comparable)(command.name, async () => {
      const answer = await zico([...command.args, '--json']);
      const said = withoutAdded(recordOf(command, answer, places));
      expect(said).toEqual(record('commands', `${command.name}.json`));
    });
  }

  it('is all asked for', () => {
    const names = recordedCommands(folder, runs).map(({ name }) => `${name}.json`);
    const searches = recordedRuns.map(({ name }) => `search-${name}.json`);
    expect(readdirSync(path.join(recorded, 'commands'))).toEqual([...names, ...searches].sort());
  });
});
