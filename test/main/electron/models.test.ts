import { beforeEach, describe, expect, it } from 'vitest';
import { ComputeTurn } from '../../../main/electron/compute-turn.ts';
import { Models } from '../../../main/electron/models.ts';
import type { Engine } from '../../../main/engine/engine.ts';
import { WorkbenchError } from '../../../main/errors.ts';
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

/** Requests that wait until the test answers them, in order. */
let pending: { request: ScoreModelRequest; answer: (error?: Error) => void }[];
let engines: { open: number; closed: number };
let turn: ComputeTurn;
let models: Models;

beforeEach(() => {
  pending = [];
  engines = { open: 0, closed: 0 };
  turn = new ComputeTurn();
  models = new Models({
    turn,
    changed: () => undefined,
    services: {
      openEngine() {
        engines.open += 1;
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
