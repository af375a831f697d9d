import { beforeEach, describe, expect, it } from 'vitest';
import { ComputeTurn } from '../../../main/electron/compute-turn.ts';
import { TriedNetworks } from '../../../main/electron/tried-networks.ts';
import type { Engine } from '../../../main/engine/engine.ts';
import type { ModelScore, ScoreModelRequest } from '../../../main/score-model/score-model.ts';
import { spaceNamed } from '../../../main/space/index.ts';
import { methods } from '../../../preload/contract.ts';

const text = JSON.stringify(spaceNamed('nats-sss').description);
const genotype = String(spaceNamed('nats-sss').at(7));

let turn: ComputeTurn;
let asked: ScoreModelRequest[];
let answer: (score: Partial<ModelScore>) => void;
let tried: TriedNetworks;

beforeEach(() => {
  turn = new ComputeTurn();
  asked = [];
  tried = new TriedNetworks({
    turn,
    services: {
      openEngine: () => ({ close: async () => undefined }) as unknown as Engine,
      scoreModel: (request, _engine, signal) =>
        new Promise((resolve, reject) => {
          asked.push(request);
          signal?.addEventListener('abort', () => reject(new Error('aborted')));
          answer = (score) =>
            resolve({
              ...{ zico: 60, zicoCapped: 50, bias: 5, ranksLast: false, seconds: 0.5 },
              ...{ batches: 4, batchSize: 8 },
              engine: { name: 'onnxruntime', version: '1', threads: 1 },
              data: { description: '', classes: 10, inputShape: [3, 32, 32], problems: [] },
              ...score,
            } as ModelScore);
        }),
    },
  });
});

describe('a network that is tried while its space is written', () => {
  it('is scored as the usual preset would, and nothing else computes meanwhile', async () => {
    const trial = tried.score(text, genotype);
    expect(turn.isWith('network')).toBe(true);
    await expect(tried.score(text, genotype)).rejects.toMatchObject({
      code: 'network-being-scored',
    });
    answer({});
    // The widths of this space vary, so beta is 2: 50 - 2 x 5.
    const view = await trial;
    expect(view).toMatchObject({ genotype, zicoBc: 40, beta: 2, capped: true, size: [32, 32] });
    expect(methods['spaces.score'].result.parse(view)).toEqual(view);
    expect(asked[0]).toMatchObject({ model: `nats-sss ${genotype}`, termCap: 100 });
    expect(turn.isWith('network')).toBe(false);
  });

  it('has no score where no gradient reaches it', async () => {
    const trial = tried.score(text, genotype);
    answer({ ranksLast: true });
    expect((await trial)?.zicoBc).toBeNull();
  });

  it('can be cancelled, and gives its turn back', async () => {
    const trial = tried.score(text, genotype);
    tried.cancel();
    expect(await trial).toBeNull();
    expect(turn.isWith('network')).toBe(false);
  });

  it('takes no turn where text or genotype are wrong', async () => {
    await expect(tried.score('{}', genotype)).rejects.toMatchObject({ code: 'space-invalid' });
    await expect(tried.score(text, 'x')).rejects.toMatchObject({
      code: 'genotype-outside-space',
    });
    expect(turn.isWith('network')).toBe(false);
  });
});
