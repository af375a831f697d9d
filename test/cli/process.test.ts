/** The command as a process: exit codes, clean standard output, Ctrl-C, and the whole main job once. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';

vi.setConfig({ testTimeout: 60_000 }); // starting Node takes a second where cores are few

const entry = path.join(import.meta.dirname, '../../main/cli.ts');
const folder = mkdtempSync(path.join(tmpdir(), 'zico-process-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** In a process group of its own, so that a signal can reach it as a terminal's Ctrl-C does. */
function start(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): { child: ChildProcess; finished: Promise<Finished> } {
  const child = spawn(process.execPath, [entry, ...args], {
    cwd: folder,
    detached: true,
    env: { ...process.env, ...env },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const finished = new Promise<Finished>((resolve) => {
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
  return { child, finished };
}
const zico = (...args: string[]) => start(args).finished;

/** A terminal sends Ctrl-C to the command and to its children alike. */
function pressCtrlC(child: ChildProcess): void {
  process.kill(-child.pid!, 'SIGINT');
}

function lineOnStderr(child: ChildProcess, pattern: RegExp): Promise<void> {
  let seen = '';
  return new Promise((resolve, reject) => {
    child.stderr!.on('data', (text: string) => {
      seen += text;
      if (pattern.test(seen)) resolve();
    });
    child.once('close', () => reject(new Error(`never said ${pattern}: ${seen}`)));
  });
}

interface SearchResult {
  status: string;
  settings: { seed: number };
  evaluated: number;
  failed: number;
  front: { id: number; genotype: string; zico: number; macs: number }[];
}
const small = ['--latency', 'macs', '--population', '4', '--batch-size', '4', '--json'];

describe('the process', () => {
  it('ends with 2 and nothing but JSON for bad arguments', async () => {
    const { code, stdout, stderr } = await zico('search', '--json', '--population', 'many');
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'bad-arguments' } });
    expect(stderr).toBe('');
  });

  it('ends with 2 and a sentence on stderr without --json', async () => {
    const { code, stdout, stderr } = await zico('build', 'nats-sss', '1:2:3:4:5');
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^zico: .*outside nats-sss/);
  });

  it('leaves no run that allows no network in the way of the next', async () => {
    // Of as many networks that some are looked at, not all.
    const space = path.join(import.meta.dirname, '../support/spaces/tiny.json');
    const asked = ['--space', space, '--candidates', '2', '--run', 'limited.zico'];
    const search = (maxMacs: string) => zico('search', ...small, ...asked, '--max-macs', maxMacs);
    const { code, stdout } = await search('1');
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'no-feasible-network' } });
    expect((await readdir(folder)).filter((name) => name.startsWith('limited'))).toEqual([]);
    expect((await search('30M')).code).toBe(0);
  });

  it.skipIf(!existsSync('/dev/full'))('says where its result cannot be written', async () => {
    const full = openSync('/dev/full', 'w');
    const words = [entry, 'spaces', '--json'];
    const child = spawn(process.execPath, words, { stdio: ['ignore', full, 'pipe'] });
    let stderr = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const [code] = (await once(child, 'close')) as [number];
    closeSync(full);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^zico: The result could not be written .*no space left.*\nFree some space/,
    );
  });

  it.skipIf(process.platform === 'win32')('says that its folder is gone', async () => {
    const gone = mkdtempSync(path.join(folder, 'gone-'));
    const script = 'cd "$1" && rmdir "$1" && shift && exec "$@"';
    const words = ['-c', script, 'sh', gone, process.execPath, entry, 'search', ...small];
    const child = spawn('/bin/sh', words, { stdio: ['ignore', 'pipe', 'ignore'] });
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    const [code] = (await once(child, 'close')) as [number];
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'no-working-folder' } });
  });

  it('lets onnxruntime neither name this machine nor report its use', async () => {
    const home = mkdtempSync(path.join(folder, 'home-'));
    const env = {
      HOME: home,
      TMPDIR: home,
      XDG_CACHE_HOME: home,
      ORT_DISABLE_TELEMETRY: undefined,
    };
    await zico('build', 'nats-sss', '8:8:8:8:8', '--out', 'quiet.onnx');
    const words = ['score', 'quiet.onnx', '--engine', 'onnxruntime', '--batch-size', '4'];
    const { code, stderr } = await start(words, env).finished;
    expect(code, stderr).toBe(0);
    expect(await readdir(home, { recursive: true })).toEqual([]);
  });

  it('goes on when nobody watches its progress any more', async () => {
    const { child, finished } = start(['search', ...small, '--candidates', '4', '--run', 'a.zico']);
    child.stderr!.destroy();
    const { code, stdout } = await finished;
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'finished', evaluated: 4 });
  });

  it('answers quietly when its reader goes away', async () => {
    const { child, finished } = start(['sample', 'nats-sss', '--count', '30000']);
    child.stdout!.destroy();
    const { stderr } = await finished;
    expect(stderr).toBe('');
  });
});

describe('the main job', () => {
  const args = ['search', ...small, '--candidates', '8', '--seed', '3'];

  it('scores a network of a space as the search does', { timeout: 90_000 }, async () => {
    const searched = await zico(...args, '--run', 'searched.zico');
    const { genotype, zico: expected } = (JSON.parse(searched.stdout) as SearchResult).front[0]!;
    // A short search scores in processes of one thread, and onednn's threads decide its last bits.
    const network = ['--space', 'nats-sss', genotype, '--seed', '3', '--batch-size', '4'];
    network.push('--threads', '1');
    const { code, stdout } = await zico('score', ...network, '--json');
    expect(code).toBe(0);
    expect((JSON.parse(stdout) as { zico: number }).zico).toBe(expected);
  });

  it('names an estimated latency as one, with its error', { timeout: 60_000 }, async () => {
    const some = ['--population', '4', '--candidates', '4', '--batch-size', '4'];
    const estimate = ['search', '--latency', 'predicted-s10-gpu', ...some];
    const { code, stdout } = await zico(...estimate, '--run', 'estimated.zico');
    expect(code).toBe(0);
    expect(stdout).toContain('estimated ms');
    expect(stdout).toContain('Latencies estimated for Samsung Galaxy S10, GPU, not measured.');
    expect(stdout).toMatch(/These lie outside of what was measured \([^)]*size of the image/);
    const again = await zico('search', '--run', 'estimated.zico', '--resume', '--json');
    const { front } = JSON.parse(again.stdout) as { front: { latencyConditions: object }[] };
    expect(front[0]!.latencyConditions).toMatchObject({
      source: 'predicted-s10-gpu',
      runs: 0,
      estimate: { withinMeasuredRange: false },
    });
  });

  it(
    'searches, is stopped by Ctrl-C, resumed to the same end, and exports',
    { timeout: 120_000 },
    async () => {
      const whole = await zico(...args, '--run', 'whole.zico');
      expect(whole.code).toBe(0);
      const expected = JSON.parse(whole.stdout) as SearchResult;
      expect(expected).toMatchObject({ status: 'finished', evaluated: 8, failed: 0 });

      const { child, finished } = start([...args, '--run', 'stopped.zico']);
      await lineOnStderr(child, /run file/);
      await new Promise((resolve) => setTimeout(resolve, 400));
      pressCtrlC(child);
      const stopped = await finished;
      expect(stopped.code).toBe(130);
      expect(JSON.parse(stopped.stdout)).toMatchObject({ status: 'stopped', failed: 0 });

      const resumed = await zico('search', '--run', 'stopped.zico', '--resume', '--json');
      expect(resumed.code).toBe(0);
      expect((JSON.parse(resumed.stdout) as SearchResult).front).toEqual(expected.front);

      const id = String(expected.front[0]!.id);
      const exported = await zico(
        'export',
        '--run',
        'whole.zico',
        '--candidate',
        id,
        '--out',
        'out',
      );
      expect(exported.code).toBe(0);
      expect((await readdir(path.join(folder, 'out'))).sort()).toEqual([
        'README.md',
        'architecture.json',
        'model.onnx',
        'network.py',
        'report.html',
        'weights.npz',
        'weights.safetensors',
      ]);
    },
  );

  it('ends at once on a second Ctrl-C', { timeout: 60_000 }, async () => {
    const endless = ['search', ...small, '--time', '10m', '--run', 'twice.zico'];
    const { child, finished } = start(endless);
    await lineOnStderr(child, /run file/);
    // Two signals of one kind that wait for a process are one.
    const heard = lineOnStderr(child, /press Ctrl-C again/);
    pressCtrlC(child);
    await heard;
    pressCtrlC(child);
    const { code, signal } = await Promise.race([
      finished.then(({ code: exit }) => ({ code: exit, signal: null })),
      new Promise<{ code: null; signal: string }>((resolve) =>
        setTimeout(() => resolve({ code: null, signal: 'still running' }), 30_000),
      ),
    ]);
    expect(signal).toBeNull();
    expect(code).toBe(130);
  });

  it('refuses what is no run file', async () => {
    const { code, stdout } = await zico('search', '--run', entry, '--resume', '--json');
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'not-a-run-file' } });
  });
});
