import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  measure,
  measureOnPhone,
  openRun,
  resume,
  score,
  search,
  toCsv,
  WorkbenchError,
  type Progress,
  type SearchOptions,
} from '../../../main/library/index.ts';

let folder: string;
let file: (name: string) => string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'zico-library-'));
  file = (name) => path.join(folder, name);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const rejection = async (work: Promise<unknown>): Promise<WorkbenchError> => {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(WorkbenchError);
  return error as WorkbenchError;
};

/** Quickly done, and without a model of the score. */
const small: SearchOptions = {
  ...({ engine: 'onnxruntime', batches: 2, batchSize: 2, workers: 1, threads: 1 } as const),
  ...({ search: 'nsga2', population: 4, maxMacs: 12e6, proxies: 'none' } as const),
};

describe('a call', () => {
  it.each([
    [
      'a mistyped key',
      { candidtes: 3 },
      /candidtes is not a key of it\. Did you mean candidates\?/,
    ],
    ['a value of the wrong kind', { candidates: 'many' }, /candidates: .*expected number/],
    ['a phone key that is not known', { phone: { cores: 'big' } }, /phone\.cores is not a key/],
    [
      'settings of another method',
      { search: 'random', generations: 3 },
      /generations is for nsga2/,
    ],
    ['a limit without a latency', { maxLatencyMs: 4 }, /maxLatencyMs: .*counts MACs/],
    ['phones for another source', { phone: { core: 'mid' } }, /phone: .*settings for phones/],
  ])('names %s before it makes a file', async (_, asked, message) => {
    const error = await rejection(search({ ...asked, run: file('a.zico') } as never));
    expect(error.message).toMatch(message);
    expect(error.hint).not.toBe('');
    expect(await readdir(folder)).toEqual([]);
  });

  it('names what it is not told how to score', async () => {
    const error = await rejection(score('model.onnx', { batchSize: 0, colour: 'red' } as never));
    expect(error).toMatchObject({ code: 'bad-arguments' });
    expect(error.message).toMatch(/batchSize/);
    expect(error.message).toMatch(/colour/);
  });

  it('rejects as aborted where its signal is, with the reason', async () => {
    const reason = new Error('enough');
    const error = await rejection(search({ signal: AbortSignal.abort(reason) }));
    expect(error).toMatchObject({ code: 'aborted', cause: reason });
  });

  it('measures no model by a source that is none', async () => {
    const error = await rejection(measure('model.onnx', { latency: 'toaster' as never }));
    expect(error.message).toMatch(/latency is "toaster"/);
  });

  it('measures a model on one phone, with settings that there are', async () => {
    const serials = ['A', 'B'];
    const several = measureOnPhone('model.onnx', { phone: { serials } });
    expect((await rejection(several)).message).toMatch(/Several phones are named: A, B/);
    const odd = measureOnPhone('model.onnx', { phone: { cores: 'big' } as never });
    expect((await rejection(odd)).message).toMatch(/cores/);
  });
});

describe('a search', () => {
  it(
    'tells what happens, stops where its signal aborts, and goes on',
    { timeout: 60_000 },
    async () => {
      const stop = new AbortController();
      const heard: Progress['kind'][] = [];
      const run = file('a.zico');
      const ended = await search({
        ...{ ...small, run, candidates: 8, seed: 3, signal: stop.signal },
        onProgress(progress) {
          heard.push(progress.kind);
          if (progress.kind === 'search' && progress.event.evaluated === 2) stop.abort();
        },
      });
      expect(ended).toMatchObject({ status: 'stopped', run });
      expect(heard[0]).toBe('run');
      expect((await openRun(run)).info.status).toBe('stopped');
      expect((await rejection(resume(run, { seed: 4 }))).code).toBe('settings-contradict');
      const whole = await resume(run);
      expect(whole).toMatchObject({ status: 'finished', evaluated: 8 });

      const alike = file('b.zico');
      await search({ ...small, run: alike, candidates: 8, seed: 3 });
      const networks = async (of: string) =>
        (await openRun(of)).candidates().map(({ genotype, zico }) => [genotype, zico]);
      const undisturbed = await networks(alike);
      expect(await networks(run)).toEqual(undisturbed);

      const stored = await openRun(run);
      const lines = toCsv(stored.candidates()).trimEnd().split('\n');
      expect(lines).toHaveLength(stored.candidates().length + 1);
      expect(lines[0]).toMatch(/^id,genotype,status,onFront,score,zico,/);
      expect(stored.front().every(({ onFront }) => onFront)).toBe(true);
      expect(stored.frontSvg()).toMatch(
        /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"[^]*<\/svg>$/,
      );
    },
  );

  it(
    'ends with what its listener threw, and keeps what was stored',
    { timeout: 60_000 },
    async () => {
      const thrown = new Error('mine');
      const asked = {
        ...{ ...small, run: file('a.zico'), candidates: 8 },
        onProgress(progress: Progress) {
          if (progress.kind === 'search' && progress.event.evaluated === 1) throw thrown;
        },
      };
      const error = await rejection(search(asked));
      expect(error).toMatchObject({ code: 'listener-failed', cause: thrown });
      expect((await openRun(file('a.zico'))).candidates()).toHaveLength(1);
    },
  );

  it.runIf(process.platform === 'linux')(
    'ends its processes with the program, even where that is killed',
    { timeout: 60_000 },
    async () => {
      const entry = path.join(import.meta.dirname, '../../../main/library/index.ts');
      const program = `import { search } from ${JSON.stringify(entry)};
        const asked = ${JSON.stringify({ ...small, candidates: 5000, run: file('a.zico') })};
        await search({ ...asked, onProgress: (p) => {
          if (p.kind === 'search' && p.event.phase === 'stored') console.log('stored');
        } });`;
      const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      let orphans: number[];
      try {
        await new Promise((resolve) => child.stdout.once('data', resolve));
        orphans = await childrenOf(child.pid!);
        expect(orphans.length).toBeGreaterThan(0);
      } finally {
        child.kill('SIGKILL');
      }
      for (let i = 0; i < 100 && (await living(orphans)).length > 0; i++) await sleep(100);
      expect(await living(orphans)).toEqual([]);
    },
  );
});

async function childrenOf(parent: number): Promise<number[]> {
  const listed = await readFile(`/proc/${parent}/task/${parent}/children`, 'utf8');
  return listed.trim().split(' ').filter(Boolean).map(Number);
}

async function living(processes: readonly number[]): Promise<number[]> {
  const states = await Promise.all(
    processes.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ' Z ')),
  );
  return processes.filter((_, i) => !/\) [ZX] | Z /.test(states[i]!));
}
