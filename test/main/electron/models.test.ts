import { beforeEach, describe, expect, it } from 'vitest';
import { ComputeTurn } from '../../../main/electron/compute-turn.ts';
import { Models } from '../../../main/electron/models.ts';
import type { Engine } from '../../../main/engine/engine.ts';
import type { Scored } from '../../../main/engine/engine-choice.ts';
import { WorkbenchError } from '../../../main/errors.ts';
import type {
  MeasuredModelFile,
  MeasureModelRequest,
} from '../../../main/measure-model/measure-model.ts';
import type { ModelScore, ScoreModelRequest } from '../../../main/score-model/score-model.ts';
import { methods } from '../../../preload/contract.ts';

const engine = { name: 'onnxruntime', version: '0.0.0', threads: 1 } as const;

function scoreOf(request: ScoreModelRequest): ModelScore {
  return {
    model: request.model,
    network: 'net',
    task: 'classification',
    data: { description: 'test images', classes: 10, inputShape: [3, 32, 32], problems: [] },
    weights: { scheme: 'file', seed: null },
    batchNormalization: 'folded',
    zico: 20,
    zicoCapped: 18,
    bias: 5,
    ...request.bias,
    biases: { deployment: { live: 5, all: 6 }, scoring: { live: 5, all: 6 } },
    silentLayers: 1,
    facts: { layers: 1, liveLayers: 0, lnChannels: 0, proxies: {} },
    ranksLast: false,
    termCap: request.termCap,
    parameters: 10,
    macs: 100,
    layers: [],
    losses: [2.3, 2.3],
    batches: 2,
    batchSize: 8,
    engine,
    seconds: 0.1,
    warnings: [],
    engineNote: null,
  };
}

function measuredOf({ model }: MeasureModelRequest): MeasuredModelFile {
  const conditions = {
    ...({ source: 'host', device: 'a computer', runner: 'onnxruntime' } as const),
    ...{ engineVersion: '1', precision: 'int8', threads: 1, warmUp: 3, runs: 10 },
  };
  return {
    ...{ model, network: 'net', input: [1, 3, 32, 32], parameters: 10, macs: null },
    asStored: 'It is quantised.',
    latency: { latencyMs: 4, p90Ms: 5, minMs: 3, runsMs: [4, 4, 5], conditions },
  };
}

/** Requests that wait until the test answers them, in order. */
let pending: { request: ScoreModelRequest; answer: (error?: Error) => void }[];
let measured: { request: MeasureModelRequest; answer: (error?: Error) => void }[];
let engines: { open: number; closed: number };
let scored: Scored[];
let turn: ComputeTurn;
let models: Models;

beforeEach(() => {
  pending = [];
  measured = [];
  engines = { open: 0, closed: 0 };
  scored = [];
  turn = new ComputeTurn();
  models = new Models({
    turn,
    changed: () => undefined,
    services: {
      modelOutputs: async () => [{ name: 'logits', shape: 'N x 10' }],
      measureModel: (request, _latency, signal) =>
        new Promise((resolve, reject) => {
          signal?.addEventListener('abort', () => reject(new Error('aborted')));
          measured.push({
            request,
            answer: (error) => (error ? reject(error) : resolve(measuredOf(request))),
          });
        }),
      openEngine(_wish, _precision, wished) {
        engines.open += 1;
        scored.push(wished);
        return { close: async () => void (engines.closed += 1) } as unknown as Engine;
      },
      scoreModel: (request, _engine, signal) =>
        new Promise((resolve, reject) => {
          signal?.addEventListener('abort', () => reject(new Error('aborted')));
          const answer = (error?: Error): void =>
            error ? reject(error) : resolve(scoreOf(request));
          pending.push({ request, answer });
        }),
    },
  });
});

const settle = () => new Promise((resolve) => setTimeout(resolve, 0));
const states = () => models.list().models.map(({ name, state }) => `${name} ${state}`);
async function answer(error?: Error): Promise<void> {
  pending.shift()?.answer(error);
  await settle();
}

describe('models of the person', () => {
  it('are scored one after another with one engine, which ends a while after they are done', async () => {
    models.add(['/m/a.onnx', '/m/b.onnx']);
    expect(states()).toEqual(['a.onnx scoring', 'b.onnx waiting']);
    expect(pending).toHaveLength(1);
    await answer();
    expect(states()).toEqual(['a.onnx scored', 'b.onnx scoring']);
    expect(models.busy).toBe(true);
    await answer();
    expect(models.busy).toBe(false);
    models.configure({ ...models.list().settings, seed: 4 }); // asked again at once: the same engine
    await answer();
    await answer();
    expect(engines).toEqual({ open: 1, closed: 0 });
    await models.close();
    expect(engines).toEqual({ open: 1, closed: 1 });
    methods['models.list'].result.parse(models.list());
  });

  it('keep their own error, and the others are scored all the same', async () => {
    models.add(['/m/a.onnx', '/m/b.onnx']);
    await answer(new WorkbenchError('not-onnx', 'It is no model.', 'Export it again.'));
    await answer();
    expect(states()).toEqual(['a.onnx failed', 'b.onnx scored']);
    expect(models.list().models[0]?.error).toEqual({
      code: 'not-onnx',
      message: 'It is no model.',
      hint: 'Export it again.',
    });
    models.retry(1);
    await answer();
    expect(states()).toEqual(['a.onnx scored', 'b.onnx scored']);
    expect(models.list().models[0]?.error).toBeNull();
  });

  it('are cancelled, the one in flight and those that wait', async () => {
    models.add(['/m/a.onnx', '/m/b.onnx']);
    models.cancel();
    await settle();
    expect(states()).toEqual(['a.onnx cancelled', 'b.onnx cancelled']);
    expect(models.busy).toBe(false);
  });

  it('are scored again with other settings, also the one in flight', async () => {
    models.add(['/m/a.onnx', '/m/b.onnx']);
    await answer();
    const settings = { ...models.list().settings, weights: 'kaiming-normal-fan-out', seed: 3 };
    models.configure(settings as never);
    await settle();
    pending.shift(); // it was aborted
    expect(pending[0]?.request).toMatchObject({
      model: '/m/a.onnx',
      weights: { scheme: 'kaiming-normal-fan-out', seed: 3 },
      data: { seed: 3 },
    });
    await answer();
    await answer();
    expect(states()).toEqual(['a.onnx scored', 'b.onnx scored']);
  });

  it('are removed, and the one in flight stops', async () => {
    models.add(['/m/a.onnx', '/m/b.onnx']);
    models.remove(1);
    await settle();
    expect(states()).toEqual(['b.onnx scoring']);
    expect(() => models.remove(1)).toThrow(WorkbenchError);
  });

  it('are scored on noise, of the size and with the other inputs that are asked for', async () => {
    const settings = models.list().settings;
    models.configure({
      ...settings,
      ...{ images: 'noise', size: [96, 128], constants: { scale: [1] }, ignoreNoise: true },
    });
    models.add(['/m/a.onnx']);
    expect(pending[0]?.request).toMatchObject({
      data: { kind: 'drawn', synthetic: true, size: [96, 128] },
      constants: { scale: [1] },
      ignoreNoise: true,
    });
    await answer();
  });

  it('are scored on arrays once both are chosen', async () => {
    models.add(['/m/a.onnx']);
    await answer();
    models.configure({ ...models.list().settings, images: 'arrays' });
    expect(pending).toHaveLength(0);
    models.useArray('inputs', '/d/x.npy');
    expect(pending).toHaveLength(0);
    models.useArray('targets', '/d/y.npy');
    expect(pending[0]?.request.data).toEqual({
      ...{ kind: 'arrays', task: 'classification', inputs: '/d/x.npy', targets: '/d/y.npy' },
      batchSize: null,
    });
    expect(models.list().arrays).toEqual({ inputs: 'x.npy', targets: 'y.npy' });
    await answer();
    // As `zico score` has it: which precision is chosen goes by this.
    expect(scored).toEqual([
      { termCap: 100, batches: 4 },
      { termCap: 100, batches: 2 },
    ]);
  });

  it('say which array is missing where a model is added before', async () => {
    models.configure({ ...models.list().settings, images: 'arrays' });
    models.useArray('inputs', '/d/x.npy');
    models.add(['/m/a.onnx']);
    await settle();
    expect(models.list().models[0]?.error).toMatchObject({
      code: 'no-arrays',
      message: expect.stringContaining('targets') as string,
    });
  });

  it('are scored by the output that is chosen, of those that the file has', async () => {
    models.add(['/m/a.onnx']);
    await answer();
    expect(models.list().models[0]?.outputs).toEqual([{ name: 'logits', shape: 'N x 10' }]);
    models.chooseOutputs(1, ['features']);
    expect(pending[0]?.request.outputs).toEqual(['features']);
    await answer();
    models.chooseOutputs(1, []);
    expect(pending[0]?.request.outputs).toBeUndefined();
    await answer();
  });

  it('are measured after all are scored, also what cannot be scored', async () => {
    models.add(['/m/a.onnx', '/m/b.onnx']);
    models.measure(null);
    await answer(new WorkbenchError('unsupported-tensor', 'It is quantised.', 'Measure it.'));
    expect(measured).toHaveLength(0);
    await answer();
    measured.shift()?.answer();
    await settle();
    measured.shift()?.answer(new WorkbenchError('size-open', 'Its size is open.', 'Name one.'));
    await settle();
    const [first, second] = models.list().models;
    expect(first).toMatchObject({
      state: 'failed',
      measuring: false,
      latency: { latencyMs: 4, runs: 3, precision: 'int8', asStored: 'It is quantised.' },
    });
    expect(second).toMatchObject({ state: 'scored', latencyError: { code: 'size-open' } });
    expect(models.busy).toBe(false);
    methods['models.list'].result.parse(models.list());
    const [head, ...rows] = models.csv(1, false).trim().split('\n');
    expect(head).toBe(
      'rank,model,score,beta,capped,zico,zicoCapped,bias,task,layers,parameters,macs,latencyMs,p90Ms,warnings,error',
    );
    expect(rows[0]).toBe(
      '1,/m/b.onnx,15,1,false,20,18,5,classification,0,10,100,,,,size-open: Its size is open.',
    );
    expect(rows[1]).toContain(',4,5,,unsupported-tensor: It is quantised.');
  });

  it('stop being measured where that is cancelled', async () => {
    models.add(['/m/a.onnx']);
    await answer();
    models.measure(1);
    models.cancel();
    await settle();
    expect(models.list().models[0]).toMatchObject({ state: 'scored', measuring: false });
    expect(models.busy).toBe(false);
  });

  it('wait for no search: beside one they are refused', () => {
    const end = turn.take('search');
    expect(() => models.add(['/m/a.onnx'])).toThrow('A search is running');
    end();
    expect(models.list().models).toEqual([]);
  });

  it('take a file that is there already as a wish to score it again', async () => {
    models.add(['/m/a.onnx']);
    await answer();
    models.add(['/m/../m/a.onnx']);
    expect(states()).toEqual(['a.onnx scoring']);
  });
});
