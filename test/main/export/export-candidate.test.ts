import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as ort from 'onnxruntime-node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exportCandidate } from '../../../main/export/export-candidate.ts';
import { fileNames, parseFormats } from '../../../main/export/formats.ts';
import { readOnnx } from '../../../main/graph/onnx/read.ts';
import { materialise } from '../../../main/graph/weights.ts';
import type { Candidate, CandidateId, EvaluatedCandidate } from '../../../main/run/candidate.ts';
import type { RunInfo } from '../../../main/run/run-store.ts';
import { defaultSearchSettings } from '../../../main/common/settings/index.ts';
import { usualRanges } from '../../../main/common/quantising.ts';
import { spaceNamed, spaceOfRun } from '../../../main/space/index.ts';
import { openImages } from '../../../main/task/embedded.ts';
import { initialNetwork } from '../../../main/space/initial-network.ts';

const code = (value: string): unknown => expect.objectContaining({ code: value });
const id = (value: number) => value as CandidateId;
const space = spaceNamed('nats-sss');
const genotype = space.parse('8:16:8:16:24');
const settings = {
  ...defaultSearchSettings,
  ...{ latency: 'host' as const, seed: 11, beta: 2, termCap: 50 },
};
const info: RunInfo = {
  runId: 'run-1',
  settings,
  dataDescription: '256 images',
  productVersion: '0.1.0',
  createdAt: '2025-01-01T00:00:00Z',
  status: 'finished',
  elapsedSeconds: 60,
};
const proposal = { genotype, generation: 3, parents: [id(1), id(2)], parameters: 1, macs: 1 };
const conditions = {
  source: 'host',
  device: 'a processor',
  runner: 'onnxruntime',
  engineVersion: '1.0',
  precision: 'float32',
  threads: 1,
  warmUp: 3,
  runs: 20,
} as const;
const candidates: Candidate[] = [
  {
    ...proposal,
    id: id(7),
    status: 'evaluated',
    score: {
      zico: 240,
      zicoCapped: 200,
      bias: 90,
      termCap: 50,
      losses: [2.3, 2.4],
      layers: [
        {
          name: 'stem.conv',
          kind: 'Conv',
          weights: 216,
          height: 32,
          width: 32,
          channels: 8,
          sum: Math.E,
          sumCapped: 1,
          gradientNorms: [0.1, 0.2],
        },
      ],
      engine: { name: 'onnxruntime', version: '1.0', threads: 2 },
      seconds: 1,
    },
    latency: { latencyMs: 1.5, p90Ms: 2, minMs: 1, runsMs: [1, 1.5, 2], conditions },
  },
  {
    ...proposal,
    id: id(8),
    status: 'failed',
    failure: { code: 'memory-ceiling', message: 'Too large.', hint: 'Smaller.' },
  },
];
const run = {
  info: () => info,
  candidate: (wanted: CandidateId) =>
    candidates.find((candidate) => candidate.id === wanted) ?? null,
};

const assets = path.join(import.meta.dirname, '../../../main/assets');

let folder: string;
beforeEach(async () => {
  folder = path.join(await mkdtemp(path.join(tmpdir(), 'zico-export-')), 'chosen');
});
afterEach(() => rm(path.dirname(folder), { recursive: true }));
const exported = (changes: object = {}) =>
  exportCandidate({ run, id: id(7), folder, productVersion: '0.2.0', ...changes });

describe('an export', () => {
  it('holds the model with the weights that were scored', async () => {
    expect(await exported()).toEqual(['model.onnx', 'architecture.json']);
    expect((await readdir(folder)).sort()).toEqual(['architecture.json', 'model.onnx']);
    const model = readOnnx(await readFile(path.join(folder, 'model.onnx')), 'model.onnx');
    const scored = initialNetwork(space, genotype, settings.weights, settings.seed);
    expect([...model.initializers.keys()].sort()).toEqual([...scored.initializers.keys()].sort());
    for (const [name, initializer] of model.initializers) {
      expect(materialise(initializer)).toEqual(materialise(scored.initializers.get(name)!));
    }
  });

  it('holds a model that a runtime loads and runs', async () => {
    await exported();
    const session = await ort.InferenceSession.create(path.join(folder, 'model.onnx'));
    expect(session.inputMetadata).toMatchObject([{ shape: [1, 3, 32, 32] }]);
    const image = new ort.Tensor('float32', new Float32Array(3072).fill(0.5), [1, 3, 32, 32]);
    const result = await session.run({ [session.inputNames[0]!]: image });
    const logits = result[session.outputNames[0]!]!;
    expect(logits.dims).toEqual([1, 10]);
    expect(Array.from(logits.data as Float32Array).every(Number.isFinite)).toBe(true);
    await session.release();
  });

  it('holds int8 files of one calibration, on the images of the run', async () => {
    const opened: unknown[] = [];
    const calibrating = {
      open(choice: { readonly data: string | null; readonly task: string | null }) {
        opened.push(choice);
        return openImages(null, assets);
      },
      ranges: usualRanges,
    };
    const formats = ['tflite-int8', 'onnx-int8'];
    const names = await exported({ formats, calibrating });
    expect(names).toEqual(['model-int8.tflite', 'model-int8.onnx', 'README.md']);
    expect(opened).toEqual([{ data: settings.data, task: 'classification' }]);
    const tflite = await readFile(path.join(folder, 'model-int8.tflite'));
    expect(tflite.subarray(4, 8).toString()).toBe('TFL3');
    const session = await ort.InferenceSession.create(path.join(folder, 'model-int8.onnx'));
    const image = new ort.Tensor('float32', new Float32Array(3072).fill(0.5), [1, 3, 32, 32]);
    const result = await session.run({ [session.inputNames[0]!]: image });
    expect(result[session.outputNames[0]!]!.dims).toEqual([1, 10]);
    await session.release();
    const readme = await readFile(path.join(folder, 'README.md'), 'utf8');
    const images = settings.batches * settings.batchSize;
    expect(readme).toContain(`quantised with ${images} images of the run`);
  }, 60_000);

  it('holds no int8 files where nothing gives images', async () => {
    await expect(exported({ formats: ['tflite-int8'] })).rejects.toMatchObject({
      code: 'no-calibration-data',
    });
  });

  it('says in architecture.json what was chosen, and under which conditions the figures hold', async () => {
    await exported();
    const text = await readFile(path.join(folder, 'architecture.json'), 'utf8');
    const model = await readFile(path.join(folder, 'model.onnx'));
    expect(JSON.parse(text)).toMatchObject({
      productVersion: '0.2.0',
      space: 'nats-sss',
      genotype,
      genes: { c0: 8, c1: 16, c2: 8, c3: 16, c4: 24 },
      run: { runId: 'run-1', productVersion: '0.1.0' },
      candidate: { id: 7, generation: 3, parents: [1, 2] },
      network: { input: [1, 3, 32, 32], classes: 10 },
      model: {
        file: 'model.onnx',
        sha256: createHash('sha256').update(model).digest('hex'),
        weights: { scheme: 'pytorch-default' },
      },
      scores: {
        zico: 240,
        bias: 90,
        beta: 2,
        zicoBc: 60,
        termCap: 50,
        zicoCapped: 200,
        zicoBcCapped: 20,
        rankedBy: 'zicoBcCapped',
        engine: { name: 'onnxruntime', version: '1.0', threads: 2 },
        settings: { seed: 11, batches: 4, batchSize: 8, data: '256 images' },
        layers: [{ name: 'stem.conv', sum: Math.E, log: 1, logCapped: 0 }],
      },
      latency: { latencyMs: 1.5, conditions },
    });
  });

  it('says how far its latency may be off, and from which networks of the front it cannot be told', async () => {
    const [scored] = candidates as [EvaluatedCandidate];
    const of = (number: number, latencyMs: number): EvaluatedCandidate => {
      const interval = {
        ms: [latencyMs - 0.1, latencyMs + 0.1] as const,
        asked: 0.05,
        reached: true,
      };
      const latency = { ...scored.latency!, latencyMs, conditions: { ...conditions, interval } };
      const score = { ...scored.score, zicoCapped: 200 + number };
      return { ...scored, id: id(number), score, latency };
    };
    const all = [of(7, 1.5), of(9, 1.55), of(10, 3)];
    await exported({
      run: {
        info: () => info,
        candidate: (wanted: CandidateId) => all.find((one) => one.id === wanted) ?? null,
        candidates: () => all,
      },
      formats: parseFormats('npz,json'),
    });
    const read = (name: string) => readFile(path.join(folder, name), 'utf8');
    expect(JSON.parse(await read('architecture.json'))).toMatchObject({
      latencyBounds: { lowMs: 1.4, highMs: 1.6, basis: 'interval' },
      latencyIndistinctFrom: [9],
    });
    const readme = await read('README.md');
    expect(readme).toContain('Latency: 1.500 ms (95 %: 1.400 to 1.600 ms). Median of 20 runs');
    expect(readme).toContain(
      'from that of candidate 9 on the front: which is faster is not known.',
    );
  });

  it('holds every format that is asked for, made one after the other, and says what they are', async () => {
    const heard: string[] = [];
    const formats = parseFormats('all');
    const names = await exported({
      formats,
      onProgress: (file: string, index: number, count: number) =>
        heard.push(`${index}/${count} ${file}`),
    });
    expect(names).toEqual([...formats.map((format) => fileNames[format]), 'README.md']);
    expect((await readdir(folder)).sort()).toEqual([...names].sort());
    expect(heard).toEqual(names.map((name, i) => `${i + 1}/7 ${name}`));
    const readme = await readFile(path.join(folder, 'README.md'), 'utf8');
    for (const format of formats) expect(readme).toContain(fileNames[format]);
    // A later, smaller export of the same candidate is still one of ours.
    await expect(exported({ formats: parseFormats('npz') })).resolves.toHaveLength(3);
  });

  it('comes with what it takes to train, where that is asked for', async () => {
    const names = await exported({ formats: parseFormats('training') });
    expect(names).toEqual([
      ...['network.py', 'weights.safetensors', 'architecture.json', 'train.py', 'images.py'],
      'README.md',
    ]);
    const readme = await readFile(path.join(folder, 'README.md'), 'utf8');
    expect(readme).toContain('python train.py FOLDER');
    await expect(exported({ formats: parseFormats('training') })).resolves.toEqual(names);
  });

  it('says that detection has no training program, and gives the module', async () => {
    const ofDetector = { ...info, settings: { ...settings, space: 'efficientdet-d0' } };
    const network = spaceOfRun(ofDetector).at(0);
    const [scored] = candidates;
    const detected = {
      info: () => ofDetector,
      candidate: () => ({ ...scored, genotype: network }),
    };
    const names = await exported({ run: detected, formats: parseFormats('training') });
    expect(names).not.toContain('train.py');
    expect(names).toContain('network.py');
    const readme = await readFile(path.join(folder, 'README.md'), 'utf8');
    expect(readme).toContain('There is no training program for detection');
  });

  it('may be repeated, but replaces nothing else', async () => {
    await exported();
    await expect(exported()).resolves.toHaveLength(2);
    const other = { ...run, info: () => ({ ...info, runId: 'run-2' }) };
    await expect(exported({ run: other })).rejects.toThrow(code('folder-not-empty'));
    await writeFile(path.join(folder, 'notes.txt'), 'mine');
    await expect(exported()).rejects.toThrow(/holds notes\.txt and 2 more/);
  });

  it('takes an empty folder, and one with what systems leave in it', async () => {
    await mkdir(folder);
    await writeFile(path.join(folder, '.DS_Store'), '');
    await expect(exported()).resolves.toHaveLength(2);
  });

  it('is refused where a model or a file stands in the way', async () => {
    await mkdir(folder);
    await writeFile(path.join(folder, 'model.onnx'), 'somebody else wrote this');
    await expect(exported()).rejects.toThrow(code('folder-not-empty'));
    const file = path.join(folder, 'model.onnx');
    await expect(exported({ folder: file })).rejects.toThrow(code('folder-not-writable'));
    await expect(exported({ folder: path.join(file, 'x') })).rejects.toThrow(
      code('folder-not-writable'),
    );
  });

  it('needs a candidate that was scored', async () => {
    await expect(exported({ id: id(9) })).rejects.toThrow(code('no-such-candidate'));
    await expect(exported({ id: id(8) })).rejects.toThrow(code('candidate-failed'));
    await expect(exported({ id: id(8) })).rejects.toThrow(/Too large\./);
  });
});
