/** A search in a space of attention blocks that code builds, and what is left of it without the code. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lookAt } from '../../../main/electron/reading/looks.ts';
import { RunSpaces } from '../../../main/electron/run-spaces.ts';
import { summarise } from '../../../main/graph/summary.ts';
import {
  exportNetwork,
  openRun,
  resume,
  score,
  search,
  type SearchOptions,
} from '../../../main/library/index.ts';
import { builtInSpaces } from '../../../main/space/index.ts';
import { openRunReadOnly } from '../../../main/store/run-file.ts';
import { attentionCode, writeCode } from '../../support/attention-space.ts';

let folder: string;
let run: string;
let code: string;
const small: SearchOptions = {
  ...({ engine: 'onnxruntime', batches: 2, batchSize: 2, workers: 1, threads: 1 } as const),
  ...({ search: 'nsga2', population: 4, proxies: 'none', latency: 'macs' } as const),
};

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'zico-in-code-'));
  run = path.join(folder, 'attention.zico');
  code = writeCode(folder, 'attention.mjs', attentionCode);
  const found = await search({ ...small, space: code, candidates: 8, seed: 3, run });
  expect(found).toMatchObject({ status: 'finished', evaluated: 8, failed: 0 });
  expect(found.settings.space).toBe('attention');
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

const looking = async <T>(use: (reader: ReturnType<typeof openRunReadOnly>) => T) => {
  const reader = openRunReadOnly(run);
  try {
    return await use(reader);
  } finally {
    reader.close();
  }
};
const context = { spaces: new RunSpaces({ spaces: builtInSpaces() }), summarise };

describe('a run of a space in code', () => {
  it('names the file and its digest, and keeps genes and network of every candidate', () =>
    looking((reader) => {
      expect(reader.info().space).toMatchObject({
        code: { file: 'attention.mjs', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string },
        ...{ name: 'attention', networks: 9324 },
      });
      for (const { genotype } of reader.rows(0, 100)) {
        const stored = reader.network(genotype);
        if (stored?.status !== 'evaluated') throw new Error('not evaluated');
        expect(stored.score.genes?.[0]).toBe(Number(genotype.split('/')[0]));
        expect(stored.score.network?.deployment.name).toContain(genotype);
      }
      expect(reader.rows(0, 1)[0]?.genes).toHaveLength(11);
    }));

  it('is listed, looked at, drawn and exported by a window that has no code', () =>
    looking(async (reader) => {
      const file = { run: 'r', file: run };
      const view = await lookAt('view', context, reader, file);
      expect(view.space).toMatchObject({
        name: 'attention',
        networksText: '9,324',
        code: 'attention.mjs',
      });
      const [row] = reader.rows(0, 1);
      const detail = await lookAt('candidate', context, reader, { id: row!.id });
      expect(detail.row.values).toEqual(row!.genes);
      expect(detail.layers.length).toBeGreaterThan(5);
      expect(detail.layers.every(({ macs }) => macs > 0)).toBe(true);
      expect(
        (await lookAt('architecture', context, reader, { id: row!.id })).length,
      ).toBeGreaterThan(5);
      expect(await lookAt('model', context, reader, { beta: null })).toBeNull();
      await expect(lookAt('resumable', context, reader, null)).rejects.toMatchObject({
        code: 'space-code-needed',
        hint: expect.stringMatching(
          /^On the command line or in a program, name attention\.mjs/,
        ) as string,
      });
      const out = path.join(folder, 'exported');
      await exportNetwork(run, { candidate: row!.id, out, formats: ['onnx', 'pytorch', 'html'] });
      expect(existsSync(path.join(out, 'model.onnx'))).toBe(true);
      expect(
        existsSync(path.join(out, 'architecture.json')) || existsSync(path.join(out, 'model.py')),
      ).toBe(true);
    }));

  it('cannot score a network that was not tried without the code', async () => {
    const out = path.join(folder, 'untried');
    const tried = new Set((await openRun(run)).candidates().map(({ genotype }) => genotype));
    const untried = ['4/32/2.1', '8/96/4.4', '8/32/2.2'].find((one) => !tried.has(one))!;
    await expect(exportNetwork(run, { genotype: untried, out })).rejects.toMatchObject({
      code: 'space-code-needed',
    });
    const { parameters } = await score(untried, { space: code, engine: 'onnxruntime' });
    expect(parameters).toBeGreaterThan(1000);
  });

  it('goes on with the same file, to what it would have been, and with no other', async () => {
    await expect(resume(run, { candidates: 12 })).rejects.toMatchObject({
      code: 'space-code-needed',
    });
    const changed = writeCode(
      await mkdtemp(path.join(folder, 'c-')),
      'attention.mjs',
      `${attentionCode}\n`,
    );
    await expect(resume(run, { candidates: 12, space: changed })).rejects.toMatchObject({
      code: 'space-code-changed',
    });
    const other = writeCode(
      folder,
      'other.mjs',
      attentionCode.replace("name: 'attention'", "name: 'other'"),
    );
    await expect(resume(run, { candidates: 12, space: other })).rejects.toMatchObject({
      code: 'space-contradicts',
    });
    await expect(resume(run, { candidates: 12, space: 'nats-sss' })).rejects.toMatchObject({
      code: 'settings-contradict',
    });
    await resume(run, { candidates: 12, space: code });
    const whole = path.join(folder, 'whole.zico');
    await search({ ...small, space: code, candidates: 12, seed: 3, run: whole });
    const genotypes = async (file: string) =>
      (await openRun(file)).candidates().map(({ genotype, zico }) => [genotype, zico]);
    expect(await genotypes(run)).toEqual(await genotypes(whole));
  }, 120_000);

  it('is searched by a model of its genes, and refused where it has none', async () => {
    const guided = { ...small, search: 'guided', population: undefined } as const;
    const { population: _, ...rest } = guided;
    const asked = { ...rest, candidates: 10, maxMacs: 8e6 };
    const found = await search({ ...asked, space: code, run: path.join(folder, 'guided.zico') });
    expect(found).toMatchObject({ status: 'finished', evaluated: 10 });
    const genes = attentionCode.replace(/ {2}genes: \[[^]*?\n {2}\],\n/, '');
    expect(genes).not.toBe(attentionCode);
    const without = writeCode(folder, 'without.mjs', genes);
    await expect(search({ ...asked, space: without })).rejects.toMatchObject({
      code: 'guided-without-genes',
    });
  }, 120_000);

  it('stops where the code fails, and keeps what was found', async () => {
    const failing = attentionCode.replace(
      '    const [a, b] = [read(first), read(second)];',
      "    throw new Error('no children');",
    );
    const broken = path.join(folder, 'broken.zico');
    const file = path.join(folder, 'broken.mjs');
    await writeFile(file, failing);
    await expect(
      search({ ...small, space: file, candidates: 12, run: broken }),
    ).rejects.toMatchObject({
      code: 'space-code-failed',
      message: expect.stringContaining('no children') as string,
    });
    expect((await openRun(broken)).candidates().length).toBeGreaterThanOrEqual(4);
  }, 60_000);
});
