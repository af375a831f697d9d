import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { nodeProcesses } from '../../../main/child/node-process.ts';
import { instructionsHere } from '../../../main/engine/instructions.ts';
import { builtVersion, loadAddon } from '../../../main/engine/onednn/addon.ts';
import { scoringVersion } from '../../../main/engine/onnxruntime/version.ts';
import type { SearchEvent } from '../../../main/search/search.ts';
import { defaultSearchSettings, type SearchSettings } from '../../../main/common/settings/index.ts';
import { generationalDefaults } from '../../../main/common/settings/method.ts';
import { describedSpace, type DescribedSpace } from '../../../main/space/described-space.ts';
import { descriptionSchema } from '../../../main/common/space-description.ts';
import type { Connection } from '../../../main/store/connection.ts';
import { connectForWriting } from '../../../main/store/run-file.ts';
import { sealRun } from '../../../main/store/run-row.ts';
import { Workbench, type SessionOptions } from '../../../main/workbench.ts';
import { workbenchPlaces } from '../../support/engines.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 60_000 }); // real children, on a machine that may be busy

const settings = {
  ...defaultSearchSettings,
  ...generationalDefaults,
  latency: 'macs',
  population: 4,
  generations: 1,
  batchSize: 2,
} as const;
const native = builtVersion() !== null;
const bf16 = native && loadAddon().bf16;

let folder: string;
let workbench: Workbench;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'zico-engine-of-a-run-'));
  workbench = new Workbench({
    processes: nodeProcesses,
    ...workbenchPlaces,
    productVersion: '0.0.0',
  });
});
afterAll(async () => {
  await workbench.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Small networks of EfficientDet's kind. */
const detectors = describedSpace(
  descriptionSchema.parse({
    ...{ name: 'detectors', title: 'Detectors', task: 'detection', classes: 3 },
    resolution: { scoring: [128, 128], deployment: [128, 128] },
    network: {
      activation: 'relu',
      backbone: {
        kind: 'stages',
        stem: [
          { channels: 8, stride: 2 },
          { channels: 8, stride: 2 },
        ],
        stages: [8, 16, 24].map((channels) => ({
          ...{ block: 'conv', channels: [channels, channels + 8], repeats: [1, 2], stride: 2 },
        })),
      },
      head: { kind: 'efficientdet', channels: 8, layers: 1, depth: 1 },
    },
    baselines: [],
  }),
);

const file = (name: string) => path.join(folder, `${name}.zico`);

/** Runs a search, or stops it after so many candidates. */
async function search(
  name: string,
  session: SessionOptions,
  most = Infinity,
  searched: SearchSettings = settings,
  space?: DescribedSpace,
): Promise<string> {
  let stored = 0;
  const running = await workbench.startSearch(
    searched,
    file(name),
    ({ phase }) => {
      if (phase === 'stored' && ++stored >= most) running.stop();
    },
    session,
    space,
  );
  await running.finished;
  return file(name);
}

/** In one process unless it is said otherwise: trying how many are fastest takes longer than the run. */
async function resume(
  run: string,
  session: SessionOptions = { threads: null, workers: 1 },
): Promise<void> {
  await (
    await workbench.resumeSearch(run, () => undefined, session)
  ).finished;
}

/** Folds the log in, as a closed run has it. */
function close(connection: Connection): void {
  connection.pragma('wal_checkpoint(TRUNCATE)');
  connection.pragma('journal_mode = DELETE');
  connection.release();
}

function read(run: string) {
  const reader = workbench.openRunReadOnly(run);
  try {
    const candidates = reader.candidates().map((one) => {
      if (one.status === 'failed') throw new Error(one.failure.message);
      return { genotype: one.genotype, engine: one.score.engine, zico: one.score.zico };
    });
    return { scoring: reader.info().scoring, candidates };
  } finally {
    reader.close();
  }
}

describe('a run is scored by one engine', () => {
  it('that it names, with every score, and goes on with the same', async () => {
    const run = await search('stopped', { threads: null, engine: 'onnxruntime', workers: 1 }, 2);
    expect(read(run).scoring).toMatchObject({ engine: 'onnxruntime', note: null });
    await expect(resume(run, { threads: null, engine: 'onednn' })).rejects.toMatchObject({
      code: 'engine-contradicts',
    });
    await resume(run);
    const { candidates } = read(run);
    expect(candidates).toHaveLength(4);
    expect(new Set(candidates.map(({ engine }) => engine.name))).toEqual(new Set(['onnxruntime']));
  });

  it('that older files do not name: onnxruntime', async () => {
    const run = await search('old', { threads: null, engine: 'onnxruntime', workers: 1 }, 2);
    const connection = connectForWriting(run);
    connection.run('UPDATE run SET scoring = NULL');
    sealRun(connection);
    close(connection);
    expect(read(run).scoring).toBeUndefined();
    await resume(run);
    expect(read(run).scoring).toMatchObject({ engine: 'onnxruntime' });
    expect(read(run).candidates).toHaveLength(4);
  });

  it('of detection with the rule for shared anchors that it began with', async () => {
    const detection = { ...settings, space: detectors.name };
    const session = { threads: null, engine: 'onnxruntime', workers: 1 } as const;
    const versions = (run: string) => {
      const { scoring, candidates } = read(run);
      return [scoring!.version, ...candidates.map(({ engine }) => engine.version)];
    };
    const run = await search('detection', session, 1, detection, detectors);
    const named = versions(run);
    expect(new Set(named)).toEqual(new Set([`${scoringVersion}.d2`]));
    // As 0.1 left it: its versions named no rule.
    const connection = connectForWriting(run);
    connection.run(`UPDATE run SET scoring = replace(scoring, '.d2', '')`);
    sealRun(connection);
    close(connection);
    await resume(run);
    const [plan, ...scored] = versions(run);
    expect(plan).toBe(scoringVersion);
    expect(scored).toHaveLength(4);
    expect(scored.slice(named.length - 1)).toEqual(
      scored.slice(named.length - 1).map(() => scoringVersion),
    );
  });

  it.skipIf(!native)(
    'onednn where it is there, with threads that stay when it goes on',
    async () => {
      const whole = read(await search('whole', { threads: 2, workers: 1 }));
      expect(whole.scoring).toMatchObject({ engine: 'onednn', workers: 1, threads: 2, note: null });
      const run = await search('parts', { threads: 2, workers: 1 }, 2);
      await resume(run, { threads: null, workers: 'auto' });
      expect(read(run).candidates).toEqual(whole.candidates);
      expect(whole.candidates[0]!.engine).toEqual({
        name: 'onednn',
        // Capped scores of four batches, as a search has them by itself.
        version: builtVersion('float32-winograd'),
        precision: 'float32-winograd',
        threads: 2,
        instructions: instructionsHere(),
      });
    },
  );

  it.skipIf(!bf16)('in bf16 where that was asked for, and goes on so', async () => {
    const session = { threads: 1, workers: 1, precision: 'bf16' } as const;
    const run = await search('bf16', session, 2);
    await expect(resume(run, { threads: null, precision: 'float32' })).rejects.toMatchObject({
      code: 'engine-contradicts',
    });
    await resume(run);
    const { scoring, candidates } = read(run);
    expect(scoring).toMatchObject({ engine: 'onednn', precision: 'bf16' });
    expect(candidates).toHaveLength(4);
    for (const { engine } of candidates) expect(engine.precision).toBe('bf16');
    const reader = workbench.openRunReadOnly(run);
    const first = reader.candidates()[0]!;
    const whole = reader.candidate(first.id);
    const info = reader.info();
    reader.close();
    if (whole?.status !== 'evaluated') throw new Error('not evaluated');
    const again = await workbench.scoreAgain(info, whole, new AbortController().signal);
    expect(again.layers).toEqual(whole.score.layers);
    expect(again.engine).toEqual(whole.score.engine);
  });

  it.skipIf(!native)('by Winograd’s method where it is capped and of four batches', async () => {
    const capped = { ...settings, batches: 4, termCap: 100 };
    const run = await search('winograd', { threads: 1, workers: 1 }, 2, capped);
    const precision = 'float32-winograd';
    const version = builtVersion(precision);
    expect(read(run).scoring).toMatchObject({ engine: 'onednn', version, precision });
    await resume(run);
    const { candidates } = read(run);
    expect(candidates).toHaveLength(4);
    for (const { engine } of candidates) expect(engine).toMatchObject({ version, precision });
    const three = await search('three', { threads: 1, workers: 1 }, 1, { ...capped, batches: 3 });
    expect(read(three).scoring).not.toHaveProperty('precision');
    const asked = { threads: 1, workers: 1, precision: 'float32' } as const;
    const direct = await search('direct', asked, 1, capped);
    expect(read(direct).scoring).not.toHaveProperty('precision');
  });

  it.skipIf(!native)(
    'with the instructions that it names, or any where it names none',
    async () => {
      const run = await search('instructions', { threads: 1, workers: 1 }, 2);
      const name = (change: string) => {
        const connection = connectForWriting(run);
        connection.run(`UPDATE run SET scoring = ${change}`);
        sealRun(connection);
        close(connection);
      };
      expect(read(run).scoring).toMatchObject({ instructions: instructionsHere() });
      const others = instructionsHere() === 'neon' ? 'avx2' : 'neon';
      name(`json_set(scoring, '$.instructions', '${others}')`);
      await expect(resume(run)).rejects.toMatchObject({
        code: 'other-instructions',
        hint: expect.stringContaining(`ZICO_INSTRUCTIONS=${others}`) as unknown,
      });
      name("json_remove(scoring, '$.instructions')");
      const notes = new Set<string | null | undefined>();
      const hear = ({ scoring }: SearchEvent) => void notes.add(scoring?.note);
      await (
        await workbench.resumeSearch(run, hear, { threads: null })
      ).finished;
      expect([...notes].join()).toMatch(/last digits may differ/);
      const { scoring, candidates } = read(run);
      expect(candidates).toHaveLength(4);
      expect(scoring).toMatchObject({ note: null });
      expect(scoring).not.toHaveProperty('instructions');
    },
  );

  it.skipIf(!native)('opens, but does not go on, where older kernels scored it', async () => {
    const run = await search('older kernels', { threads: null }, 2);
    const connection = connectForWriting(run);
    connection.run("UPDATE run SET scoring = json_set(scoring, '$.version', '2.6.3')");
    sealRun(connection);
    close(connection);
    await expect(resume(run)).rejects.toMatchObject({
      code: 'engine-missing',
      message: expect.stringMatching(/onednn 2\.6\.3; this is onednn 2\.6\.3\+k/) as unknown,
      hint: expect.stringContaining('start a new run') as unknown,
    });
    expect(read(run).candidates.length).toBeGreaterThanOrEqual(2);
  });

  it.skipIf(!native)('refuses to go on where that engine has another version', async () => {
    const run = await search('versions', { threads: null }, 2);
    const connection = connectForWriting(run);
    connection.run("UPDATE run SET scoring = json_set(scoring, '$.version', '1.0.0')");
    sealRun(connection);
    close(connection);
    await expect(resume(run)).rejects.toMatchObject({
      code: 'engine-missing',
      message: expect.stringContaining('onednn 1.0.0') as unknown,
    });
  });
});
