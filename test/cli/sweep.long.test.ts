/** A sweep of twelve real searches that is killed on the way ends as one that nobody disturbed. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openRunReadOnly } from '../../main/store/run-file.ts';
import type { SweepRow } from '../../main/analysis/sweep-results.ts';

const cli = path.join(import.meta.dirname, '../../main/cli.ts');

/** Each is done in about a second. */
const sweep = `search: nsga2
population: 4
candidates: 6
maxMacs: 12000000
proxies: none
batches: 2
batchSize: 2
engine: onnxruntime
workers: 1
threads: 1
seed: [1, 2, 3, 4]
beta: [0, 1, 2]
`;

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'zico-long-sweep-'));
  file = path.join(folder, 'sweep.yaml');
  await writeFile(file, sweep);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function start(runs: string): ChildProcess {
  return spawn(process.execPath, [cli, 'sweep', file, '--folder', path.join(folder, runs)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}

/** Resolves with the exit code; `heard` is told every line of progress. */
function ended(child: ChildProcess, heard: (line: string) => void = () => undefined) {
  child.stderr!.on('data', (text: Buffer) => String(text).split('\n').forEach(heard));
  return new Promise<number | null>((resolve) => child.once('exit', resolve));
}

/** The processes that a process has started. */
async function childrenOf(pid: number): Promise<number[]> {
  const listed = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return listed.trim().split(' ').filter(Boolean).map(Number);
}

/** What a sweep found, without what measures time or names a folder. */
async function foundIn(runs: string) {
  const text = await readFile(path.join(folder, runs, 'sweep.json'), 'utf8');
  const { searches } = JSON.parse(text) as { searches: SweepRow[] };
  return searches.map(({ run, elapsedSeconds: _, ...rest }) => {
    const reader = openRunReadOnly(run);
    const candidates = reader
      .candidates()
      .map((one) => [one.id, one.genotype, one.status === 'evaluated' ? one.score.zico : null]);
    reader.close();
    return { ...rest, candidates };
  });
}

it.runIf(process.platform === 'linux')(
  'goes on after kills of itself and of its scoring process',
  async () => {
    const kill = (where: RegExp) => {
      const child = start('killed');
      let killed = false;
      return ended(child, (line) => {
        if (killed || !where.test(line)) return;
        killed = true;
        child.kill('SIGKILL');
      });
    };
    expect(await kill(/^search 3 of 12/)).toBeNull();
    expect(await kill(/^search 7 of 12/)).toBeNull();
    const last = start('killed');
    let shot = 0;
    const code = await ended(last, (line) => {
      if (!/^search 9 of 12/.test(line)) return;
      const timer = setInterval(() => {
        void childrenOf(last.pid!).then((pids) => {
          for (const pid of pids)
            if (shot === 0) {
              shot = pid;
              process.kill(pid, 'SIGKILL');
            }
          if (shot !== 0) clearInterval(timer);
        });
      }, 200);
    });
    expect(code).toBe(0);
    expect(shot).not.toBe(0);
    expect(await ended(start('undisturbed'))).toBe(0);
    const found = await foundIn('killed');
    expect(found).toHaveLength(12);
    expect(found.every(({ status }) => status === 'finished')).toBe(true);
    expect(found).toEqual(await foundIn('undisturbed'));
  },
  600_000,
);
