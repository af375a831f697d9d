/**
 * `npm run bench -- mbconv [PAIRS] [SIZE] [VARIANT,VARIANT] [--python PATH] [--instructions avx2] [--ours NAME,NAME]`:
 * one EfficientNet-B0-like candidate without squeeze-and-excite, batch 16, two batches, two threads, against
 * the same in PyTorch (pytorch_mbconv.py): depthwise, with groups of 32 channels, and depthwise with the
 * space's own activation, swish. Our engines and PyTorch take turns; needs a Python with PyTorch (Debian's
 * python3-torch). Then the time of the native engine's ten heaviest layers, as a part of what the machine's
 * processors can do.
 */
import { builtVersion } from '../../main/engine/onednn/addon.ts';
import { GraphBuilder } from '../../main/graph/builder.ts';
import type { Graph } from '../../main/graph/graph.ts';
import { generatorFor } from '../../main/random.ts';
import { withInitialWeights } from '../../main/graph/weights.ts';
import type { BatchSet } from '../../main/task/batches.ts';
import { comparePairs, contendersFor } from './contenders.ts';
import { printHeaviest } from './heaviest-layers.ts';
import { benchArguments, Peer } from './peer.ts';

const { values, positionals } = benchArguments({ ours: { type: 'string' } });
const pairs = Number(positionals[0] ?? '3');
const size = Number(positionals[1] ?? '224');
const threads = 2;
const batchSize = 16;
const classes = 1000;

/** Repeats, kernel, stride, expansion, channels (EfficientNet-B0; Tan and Le 2019). */
const stages = [
  [1, 3, 1, 1, 16],
  [2, 3, 2, 6, 24],
  [2, 5, 2, 6, 40],
  [3, 3, 2, 6, 80],
  [3, 5, 1, 6, 112],
  [4, 5, 2, 6, 192],
  [1, 3, 1, 6, 320],
] as const;

interface Variant {
  /** Channels of a group where it divides the width; 0: depthwise. */
  readonly groupSize: number;
  readonly swish: boolean;
}
const variants = {
  depthwise: { groupSize: 0, swish: false },
  groups: { groupSize: 32, swish: false },
  swish: { groupSize: 0, swish: true },
} as const satisfies Record<string, Variant>;
type VariantName = keyof typeof variants;

function network({ groupSize, swish }: Variant, seed: number): Graph {
  const net = new GraphBuilder();
  let layer = 0;
  const activation = (y: string) => (swish ? net.multiply(y, net.sigmoid(y)) : net.relu(y));
  const convNorm = (x: string, conv: Parameters<GraphBuilder['conv']>[2]) => {
    const name = `conv${layer++}`;
    return net.batchNormalization(`${name}.norm`, net.conv(name, x, conv), conv.outChannels);
  };
  let x = net.image('input', [3, size, size]);
  x = activation(convNorm(x, { inChannels: 3, outChannels: 32, kernel: 3, stride: 2 }));
  let channels = 32;
  for (const [repeats, kernel, firstStride, expansion, outChannels] of stages) {
    for (let repeat = 0; repeat < repeats; repeat++) {
      const stride = repeat === 0 ? firstStride : 1;
      const width = channels * expansion;
      let y = x;
      if (expansion > 1) {
        y = activation(convNorm(y, { inChannels: channels, outChannels: width, kernel: 1 }));
      }
      const group = groupSize > 0 && width % groupSize === 0 ? width / groupSize : width;
      const spatial = { inChannels: width, outChannels: width, kernel, stride, group };
      y = activation(convNorm(y, spatial));
      y = convNorm(y, { inChannels: width, outChannels, kernel: 1 });
      x = stride === 1 && channels === outChannels ? net.add(x, y) : y;
      channels = outChannels;
    }
  }
  x = activation(convNorm(x, { inChannels: 320, outChannels: 1280, kernel: 1 }));
  x = net.linear('head', net.flatten(net.globalAveragePool(x)), 1280, classes);
  return withInitialWeights(net.build('mbconv', [x]), 'pytorch-default', seed);
}

function noise(): BatchSet {
  const random = generatorFor('mbconv', 0);
  const batch = () => ({
    inputs: Float32Array.from(
      { length: batchSize * 3 * size * size },
      () => random.next() / 2 ** 31,
    ),
    targets: Int32Array.from({ length: batchSize }, (_, i) => (i * 61) % classes),
  });
  return {
    task: 'classification',
    batches: [batch(), batch()],
    inputShape: [3, size, size],
    classes,
    batchSize,
    description: 'noise',
  };
}

const names = (positionals[2]?.split(',') ?? Object.keys(variants)) as readonly VariantName[];
/** Of PyTorch's time and memory, at most, in float32. */
const aims = { onnxruntime: [1.3, 1], float32: [0.4, 0.8] } as const;
const batches = noise();
for (const variant of names.map((name): Variant => variants[name])) {
  const peer = new Peer(values.python);
  const contenders = contendersFor(threads, values.ours);
  const { groupSize, swish } = variant;
  const settings = ['--size', size, '--batch', batchSize, '--threads', threads];
  await comparePairs(contenders, {
    ...{ peer, batches, pairs, network: (seed) => network(variant, seed) },
    script: 'pytorch_mbconv.py',
    args: [...settings, '--group', groupSize, ...(swish ? ['--swish'] : [])],
  });
  const style = groupSize === 0 ? 'depthwise' : `groups of ${groupSize}`;
  for (const { name, runs } of contenders) {
    const title = `score mbconv ${style}${swish ? ' with swish' : ''}, ${size}, batch ${batchSize}, ${name}`;
    peer.compare(title, runs, name === 'onnxruntime' || name === 'float32' ? aims[name] : null);
  }
  if (builtVersion() !== null) await printHeaviest(network(variant, 0), batches, threads);
}
