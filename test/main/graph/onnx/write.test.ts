import { describe, expect, it } from 'vitest';
import { bindImage } from '../../../../main/graph/bind.ts';
import { GraphBuilder } from '../../../../main/graph/builder.ts';
import { toInference, toTraining } from '../../../../main/graph/forms.ts';
import type { Graph } from '../../../../main/graph/graph.ts';
import { readOnnx } from '../../../../main/graph/onnx/read.ts';
import { writeDeployableOnnx } from '../../../../main/graph/onnx/write.ts';
import { elements } from '../../../../main/graph/shape.ts';
import { summarise } from '../../../../main/graph/summary.ts';
import { withInitialWeights } from '../../../../main/graph/weights.ts';
import { generatorFor } from '../../../../main/random.ts';
import { spaceNamed } from '../../../../main/space/index.ts';
import { goldenNames, readGolden } from '../../../support/golden.ts';
import { evaluate, type Value } from '../../../support/reference-evaluator.ts';
import { runDeployable } from '../../../support/run-onnx.ts';
import { noise } from '../../../support/sketch.ts';

const space = spaceNamed('nats-sss');

function mixed(): Graph {
  const net = new GraphBuilder();
  let x = net.image('image', [3, 12, 10]);
  x = net.conv('a', x, { inChannels: 3, outChannels: 8, kernel: 3, stride: 2, bias: true });
  x = net.relu(net.batchNormalization('norm', x, 8, 1e-3));
  x = net.add(x, net.conv('b', x, { inChannels: 8, outChannels: 8, kernel: 5, group: 8 }));
  x = net.averagePool(x, [2, 2], [2, 1]);
  x = net.flatten(net.globalAveragePool(x));
  return net.build('mixed', [net.linear('head', x, 8, 4)]);
}

const networks: Record<string, Graph> = {
  mixed: withInitialWeights(mixed(), 'kaiming-normal-fan-out', 1),
  'nats-sss 16:8:24:8:16': withInitialWeights(
    space.decode(space.parse('16:8:24:8:16')),
    'pytorch-default',
    1,
  ),
  ...Object.fromEntries(goldenNames.map((name) => [`golden ${name}`, boundGolden(name)])),
};

function boundGolden(name: (typeof goldenNames)[number]): Graph {
  const { graph, batches } = readGolden(name);
  return bindImage(graph, batches.inputShape);
}

/** As a file stores numbers. */
function singlePrecision(attributes: object): unknown {
  const round = (_key: string, value: unknown) =>
    typeof value === 'number' ? Math.fround(value) : value;
  return JSON.parse(JSON.stringify(attributes, round)) as unknown;
}

describe('numbers of a formula', () => {
  const detector = spaceNamed('efficientdet-d0');
  const network = detector.decode(detector.sample(generatorFor('formula', 1)), 'scoring');
  const written = writeDeployableOnnx(
    withInitialWeights(network, 'pytorch-default', 1),
    1,
    '1.2.3',
  );

  it('are no parameters of the file either', () => {
    expect([...network.initializers.keys()]).toContain(':attentionEpsilon');
    const { parameters, macs } = summarise(readOnnx(written, 'written'));
    expect({ parameters, macs }).toEqual({
      parameters: summarise(network).parameters,
      macs: summarise(network).macs,
    });
  });

  it('are told by their names in files of this product alone', () => {
    const bytes = Buffer.from(written);
    const at = bytes.indexOf('zico-workbench');
    bytes.write('someone-else--', at);
    const { parameters } = summarise(readOnnx(bytes, 'foreign'));
    expect(parameters).toBe(summarise(network).parameters + 1);
  });
});

describe.each(Object.entries(networks))('%s, written as a deployable model', (_name, graph) => {
  const written = writeDeployableOnnx(graph, 2, '1.2.3');
  const again = readOnnx(written, 'written');

  it('is read back with the same layers, parameters and multiply-accumulates', () => {
    expect(summarise(again)).toEqual(summarise(graph));
  });

  it('is read back node by node, normalisations in inference mode', () => {
    const plain = ({ nodes }: Graph) =>
      nodes.map(({ kind, inputs, outputs, attributes }) => ({
        kind,
        inputs,
        outputs,
        attributes: singlePrecision(attributes),
      }));
    expect(plain(again)).toEqual(plain(toInference(graph)));
    expect(toTraining(again).nodes.map(({ kind }) => kind)).toEqual(
      graph.nodes.map(({ kind }) => kind),
    );
  });

  it('is written the same again', () => {
    expect(Buffer.from(writeDeployableOnnx(again, 2, '1.2.3')).equals(Buffer.from(written))).toBe(
      true,
    );
  });

  it('gives on onnxruntime what the reference evaluator computes', async () => {
    const image = graph.inputs[0]!.shape.slice(1) as number[];
    const inputs = noise(2 * elements(image), 'image');
    const inference = toInference(graph);
    const feeds = new Map([[graph.inputs[0]!.name, inputs]]);
    const reference = evaluate(inference, 2, feeds).get(graph.outputs[0]!) as Value;
    const ran = await runDeployable(graph, 2, inputs);
    expect(ran.shape).toEqual(reference.shape);
    const scale = reference.data.reduce((top, value) => Math.max(top, Math.abs(value)), 0);
    const worst = reference.data.reduce((w, v, i) => Math.max(w, Math.abs(v - ran.data[i]!)), 0);
    expect(worst / scale).toBeLessThan(1e-5);
  });
});
