import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeDeployableOnnx } from '../../main/graph/onnx/write.ts';
import { spaceNamed } from '../../main/space/index.ts';
import { fakeWorkbench, run } from './fake-workbench.ts';

let folder: string;
let model: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'zico-measure-'));
  model = path.join(folder, 'model.onnx');
  const space = spaceNamed('nats-sss');
  const graph = space.decode(space.parse('8:16:24:32:40'));
  // Frozen at four images: it is measured with one all the same.
  await writeFile(model, writeDeployableOnnx(graph, 4, '0'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('zico measure', () => {
  it('measures one image on this computer, whatever batch the file has', async () => {
    const args = ['measure', model, '--runs', '7', '--warm-up', '2', '--threads', '3', '--json'];
    const { code, stdout } = await run(args);
    expect(code).toBe(0);
    const value = JSON.parse(stdout) as Record<string, unknown>;
    expect(value).toMatchObject({
      model,
      input: [1, 3, 32, 32],
      latency: {
        latencyMs: 2,
        runsMs: Array(7).fill(2) as unknown,
        conditions: { source: 'host', runs: 7, warmUp: 2, threads: 3 },
      },
    });
  });

  it.each([
    [['--latency', 'predicted-s10-cpu', '--latency-precision', 'int8'], 'predicted-s10-cpu-int8'],
    [['--latency', 'predicted-s10-gpu', '--latency-precision', 'int8'], 'predicted-s10-cpu-int8'],
    [
      ['--latency', 'predicted-s10-cpu-int8', '--latency-precision', 'float32'],
      'predicted-s10-cpu estimates float32',
    ],
    [['--latency', 'predicted-s10-gpu', '--runner', 'tflite-cpu'], '--latency host'],
    [['--latency', 'phone', '--runner', 'tflite-cpu'], 'tflite-glibc-cpu'],
    [['--runner', 'tflite-glibc-cpu'], '--runner is for phones'],
    [['--latency-precision', 'int4'], 'float32, float16 or int8'],
  ])('refuses %j, and says what there is', async (args, said) => {
    const { code, stderr } = await run(['measure', model, ...args]);
    expect(code).not.toBe(0);
    expect(stderr).toContain(said);
  });

  it('calls an estimate one, with its error', async () => {
    const { code, stdout } = await run(['measure', model, '--latency', 'predicted-s10-gpu']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/about [\d.]+ ms, an estimate and not a measurement/);
    expect(stdout).toMatch(/outside of what was measured \(.*size of the image.*may be off by/);
  });

  it('says of each of several models between what its latency lies, and what that is called', async () => {
    const args = ['measure', model, model, '--latency', 'predicted-s10-gpu'];
    const { code, stdout } = await run(args);
    expect(code).toBe(0);
    const lines = stdout.split('\n').map((line) => line.trim().replaceAll(/ +/g, ' '));
    expect(lines[0]).toMatch(/^rank model ms 90 % from to which is/);
    expect(lines[1]).toContain('Nine in ten');
    const { stdout: csv } = await run([...args, '--csv']);
    const [header, row] = csv
      .trim()
      .split(/\r?\n/)
      .map((line) => line.split(','));
    const of = (key: string) => row![header!.indexOf(key)]!;
    expect(of('bounds')).toBe('estimate');
    expect(Number(of('lowMs'))).toBeLessThan(Number(of('latencyMs')));
    expect(Number(of('highMs'))).toBeGreaterThan(Number(of('latencyMs')));
  });

  it('measures a network of a run, tried by its search or not', async () => {
    const file = path.join(folder, 'a.zico');
    await run(['search', '--population', '4', '--candidates', '4', '--run', file]);
    const both = [
      ['--candidate', '2', 'candidate 2'],
      ['--genotype', '64:8:64:8:64', '64:8:64:8:64'],
    ] as const;
    for (const [option, value, named] of both) {
      const { code, stdout } = await run(['measure', '--run', file, option, value, '--json']);
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ model: named, latency: { latencyMs: 2 } });
    }
    for (const wrong of [
      ['measure', '--run', file],
      ['measure', model, '--run', file, '--candidate', '1'],
      ['measure', '--candidate', '1'],
      ['measure', model, '--genotype', '64:8:64:8:64'],
    ]) {
      const { code, stdout } = await run([...wrong, '--json']);
      expect(code).toBe(2);
      expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'bad-arguments' } });
    }
  });

  it('refuses settings of runs for an estimate, which runs nothing', async () => {
    const args = ['measure', model, '--latency', 'predicted-s10-gpu', '--runs', '3', '--json'];
    const { code, stdout } = await run(args);
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'bad-arguments' } });
  });

  it('passes on that there is no phone, and refuses what phones alone understand', async () => {
    const none = await run(['measure', model, '--latency', 'phone:R58M', '--json']);
    expect(JSON.parse(none.stdout)).toMatchObject({ error: { code: 'phone-none' } });
    const odd = await run(['measure', model, '--core', 'big', '--json']);
    expect(JSON.parse(odd.stdout)).toMatchObject({ error: { code: 'bad-arguments' } });
    const wrong = await run(['measure', model, '--latency', 'phone', '--core', 'zz', '--json']);
    expect(JSON.parse(wrong.stdout)).toMatchObject({ error: { code: 'bad-arguments' } });
  });

  it('names a file that is not there, and closes what it opened', async () => {
    const services = fakeWorkbench();
    const { code, stdout } = await run(['measure', path.join(folder, 'none.onnx'), '--json'], {
      services,
    });
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'file-not-found' } });
    expect(services.closed).toBe(true);
  });
});
