/** Exported modules run in PyTorch and give what the exported ONNX models give in onnxruntime. */
import { beforeAll, describe, expect, it } from 'vitest';
import { pytorchModule } from '../../../../main/export/pytorch/module-file.ts';
import { GraphBuilder } from '../../../../main/graph/builder.ts';
import type { Graph } from '../../../../main/graph/graph.ts';
import { generatorFor } from '../../../../main/random.ts';
import { summarise } from '../../../../main/graph/summary.ts';
import { initialNetwork } from '../../../../main/space/initial-network.ts';
import { spaceNamed } from '../../../../main/space/index.ts';
import {
  detectionNetwork,
  mobileNetwork,
  oddNetwork,
  segmentationNetwork,
} from '../../../support/deployable-networks.ts';
import { checkModules, withLivelyNorms, type Checked } from '../../../support/pytorch-modules.ts';

const space = spaceNamed('nats-sss');
const random = generatorFor('pytorch modules', 1);
const sampled = Array.from({ length: 4 }, () => space.sample(random));
const genotypes = [space.parse('8:8:8:8:8'), space.parse('64:64:64:64:64'), ...sampled];

const networks: Record<string, Graph> = {
  ...Object.fromEntries(
    genotypes.map((genotype) => [
      genotype,
      withLivelyNorms(initialNetwork(space, genotype, 'pytorch-default', 3)),
    ]),
  ),
  mobile: mobileNetwork(),
  segmentation: segmentationNetwork(),
  'segmentation, resized logits': segmentationNetwork(true),
  detection: detectionNetwork(),
  odd: oddNetwork(),
};

let checked: Record<string, Checked>;
beforeAll(async () => {
  const results = await checkModules(Object.values(networks));
  checked = Object.fromEntries(Object.keys(networks).map((name, i) => [name, results[i]!]));
}, 120_000);

describe.each(Object.entries(networks))('%s as a PyTorch module', (name, graph) => {
  it('has the same parameters', () => {
    expect(checked[name]!.parameters).toBe(summarise(graph).parameters);
  });

  it('loads its weights from both files by the names of its own state_dict', () => {
    expect(checked[name]!.sameWeights).toBe(true);
  });

  it('gives what the ONNX model gives, to 1e-4', () => {
    const { outputs, expected, difference, largest } = checked[name]!;
    expect(outputs).toEqual(expected);
    expect(largest).toBeGreaterThan(0.01); // else everything agrees
    expect(difference).toBeLessThan(1e-4);
  });
});

it('says how far the outputs differ', () => {
  const all = Object.values(checked).map(({ difference }) => difference);
  console.log(`${all.length} networks, largest difference ${Math.max(...all).toExponential(1)}`);
  expect(all).toHaveLength(Object.keys(networks).length);
});

describe('the text', () => {
  const source = (graph: Graph) =>
    pytorchModule(graph, { title: 'some-space', about: ['About.'], weights: 'w.safetensors' })
      .source;

  it('keeps the names of the weights where Python allows them', () => {
    const graph = space.decode(genotypes[2]!);
    const { state } = pytorchModule(graph, { title: 'x', about: ['x'], weights: 'w' });
    expect([...state.keys()].sort()).toEqual([...graph.initializers.keys()].sort());
    for (const [key, initializer] of state) expect(key).toBe(initializer);
  });

  it('has one class for blocks that differ in numbers alone, and a loop for equal ones', () => {
    const text = source(segmentationNetwork());
    expect(text).toMatch(/self\.stages = nn\.ModuleList/);
    expect(text.match(/^class /gm)?.length).toBeLessThan(10);
    const deep = source(mobileNetwork());
    expect(deep).toMatch(/nn\.Sequential\(/);
  });

  it('is no longer for more equal blocks', () => {
    const deep = (blocks: number): Graph => {
      const net = new GraphBuilder();
      let x = net.conv('stem', net.image('image', [3, 8, 8]), {
        inChannels: 3,
        outChannels: 4,
        kernel: 3,
      });
      for (let i = 0; i < blocks; i++) {
        const options = { inChannels: 4, outChannels: 4, kernel: 3 };
        const y = net.relu(net.conv(`blocks.${i}.first`, x, options));
        x = net.relu(net.add(x, net.conv(`blocks.${i}.second`, y, options)));
      }
      return net.build('deep', [x]);
    };
    const linesOf = (blocks: number) => source(deep(blocks)).split('\n').slice(10);
    const [few, many] = [linesOf(5), linesOf(50)];
    expect(few.join('\n')).toContain('*[ResidualBlock() for _ in range(5)]');
    expect(many.length).toBe(few.length);
  });
});
