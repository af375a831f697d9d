import { describe, expect, it } from 'vitest';
import { proxyNames } from '../../../../main/common/proxies.ts';
import { builtVersion } from '../../../../main/engine/onednn/addon.ts';
import { nativeEvaluator } from '../../../../main/engine/onednn/evaluate.ts';
import { evaluator } from '../../../../main/engine/onnxruntime/evaluate.ts';
import { computeProxies, type Evaluate } from '../../../../main/engine/proxies/compute.ts';
import type { Graph } from '../../../../main/graph/graph.ts';
import { spaceNamed, spaceOf } from '../../../../main/space/index.ts';
import { initialNetwork } from '../../../../main/space/initial-network.ts';
import { randomBatches } from '../../../support/random-batches.ts';
import { Sketch } from '../../../support/sketch.ts';

const engines: readonly (readonly [string, Evaluate])[] = [
  ['onnxruntime', evaluator(1)] as const,
  ...(builtVersion() === null
    ? []
    : [['onednn', nativeEvaluator({ threads: 1 }, Infinity)] as const]),
];
const batches = randomBatches({ batchSize: 4, inputShape: [3, 8, 8] });

/** Plain stages of one activation and width; without BatchNorm where `norm` is false. */
function plain(activation: 'relu' | 'swish', channels: number, depth = 2): Graph {
  const space = spaceOf({
    ...{ name: 'tiny', title: 'Tiny', task: 'classification', classes: 10 },
    resolution: { scoring: [8, 8], deployment: [8, 8] },
    network: {
      activation,
      backbone: {
        kind: 'stages',
        stem: [{ channels }],
        stages: [{ block: 'conv', channels, repeats: depth }],
      },
      head: { kind: 'classifier' },
    },
  });
  return initialNetwork(space, space.at(0), 'pytorch-default', 1);
}

describe.each(engines)('proxies on %s', (_, evaluate) => {
  const asked = (graph: Graph, set = batches) => computeProxies(graph, set, proxyNames, evaluate);

  it('of a network without ReLU: NASWOT has no code, and says so', async () => {
    const { naswot, near, synflow } = await asked(plain('swish', 8));
    expect(naswot).toEqual({ value: null, reason: expect.stringContaining('no ReLU') as string });
    expect(near!.value).toBeGreaterThan(1);
    expect(synflow!.value).toBeGreaterThan(0);
  });

  it('of a network without normalisation', async () => {
    const sketch = new Sketch(4, [3, 8, 8]);
    const y = sketch.node('Relu', [sketch.conv('a', 'image', [4, 3, 1, 1])], {});
    const readings = await asked(sketch.graph([sketch.classifier(y, 10)]));
    expect(readings.near!.value).toBeGreaterThan(1);
    expect(readings.synflow!.value).toBeGreaterThan(0);
  });

  it('of layers with one channel, whose correlation is 1', async () => {
    const { near, meco, 'meco-weighted': weighted } = await asked(plain('relu', 1));
    expect(near!.value).toBeGreaterThan(0);
    expect(meco!.value).toBeCloseTo(9, 5); // three layers, three normalisations, three ReLUs
    expect(weighted!.value).toBeCloseTo(9, 5);
  });

  it('of one image a batch: two are taken for NEAR, and NASWOT counts the units of one', async () => {
    const { near, naswot } = await asked(
      plain('relu', 4),
      randomBatches({ batchSize: 1, inputShape: [3, 8, 8] }),
    );
    expect(near!.value).toBeGreaterThan(1);
    expect(naswot!.value).toBeCloseTo(Math.log(3 * 4 * 64), 10);
  });

  it('of a disconnected cell: below every connected one', async () => {
    const space = spaceNamed('nas-bench-201');
    const set = randomBatches({ batchSize: 4 });
    const of = async (text: string) =>
      await asked(initialNetwork(space, space.parse(text), 'pytorch-default', 1), set);
    const cut = await of('none:none:none:none:none:none');
    const whole = await of('skip_connect:none:none:skip_connect:none:nor_conv_1x1');
    expect(cut.near!.value!).toBeLessThan(whole.near!.value!);
    expect(cut.synflow!.value!).toBe(0);
    expect(whole.synflow!.value!).toBeGreaterThan(0);
  });

  it('of images that are not finite: no value, and the reason', async () => {
    const set = randomBatches({ batchSize: 4, inputShape: [3, 8, 8] });
    set.batches[0]!.inputs[0] = NaN;
    const { near, meco } = await asked(plain('relu', 4), set);
    expect(near).toEqual({ value: null, reason: 'it is NaN' });
    expect(meco!.value).toBeNull();
  });

  it('of a network so deep that it leaves single precision: SynFlow keeps its value', async () => {
    const { synflow } = await asked(plain('relu', 24, 60));
    expect(synflow!.value).toBeGreaterThan(1e39);
    expect(Number.isFinite(synflow!.value)).toBe(true);
  });
});
