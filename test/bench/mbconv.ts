/**
 * `npm run bench -- mbconv [PAIRS] [SIZE]`: one EfficientNet-B0-like candidate without squeeze-and-excite,
 * batch 16, two batches, two threads, against the same in PyTorch (pytorch_mbconv.py); once depthwise, once
 * with groups of 32 channels and once depthwise with the space's own activation, swish. Both engines and PyTorch take turns; needs Debian's python3-torch. Then
 * the time of the native engine's ten heaviest layers, as a part of what the machine's processors can do.
 */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { allocatorEnvironment } from '../../main/child/process.ts';
import { nodeProcesses } from '../../main/child/node-process.ts';
import type { Engine } from '../../main/engine/engine.ts';
import type { Precision } from '../../main/engine/precision.ts';
import { builtVersion } from '../../main/engine/onednn/addon.ts';
import { bf16Obstacle } from '../../main/engine/onednn/processor.ts';
import { OneDnnEngine } from '../../main/engine/onednn/engine.ts';
import { OnnxRuntimeEngine } from '../../main/engine/onnxruntime/engine.ts';
import { GraphBuilder } from '../../main/graph/builder.ts';
import type { Graph } from '../../main/graph/graph.ts';
import { generatorFor } from '../../main/random.ts';
import { withInitialWeights } from '../../main/graph/weights.ts';
import type { BatchSet } from '../../main/task/batches.ts';
import { printHeaviest } from './heaviest-layers.ts';
import type { Known } from '../../main/common/known.ts';

const [pairs, size] = [process.argv[2] ?? '3', process.argv[3] ?? '224'].map(
  Number,
) as Known<number>;
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
const variants: readonly Variant[] = [
  { groupSize: 0, swish: false },
  { groupSize: 32, swish: false },
  { groupSize: 0, swish: true },
];

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

interface Figures {
  readonly seconds: number;
  readonly peakMiB: number;
}

function pytorch({ groupSize, swish }: Variant): Figures {
  const script = path.join(import.meta.dirname, 'pytorch_mbconv.py');
  const settings = ['--size', size, '--batch', batchSize, '--threads', threads];
  const args = [script, ...settings.map(String), '--group', String(groupSize)];
  if (swish) args.push('--swish');
  const env = { ...process.env, ...allocatorEnvironment };
  return JSON.parse(execFileSync('/usr/bin/python3', args, { env, encoding: 'utf8' })) as Figures;
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

const version = builtVersion();
if (version === null) console.log('onednn was not built (npm run build:native): onnxruntime alone');
/** The aims are for float32; beside it what bf16 convolutions would bring, where the processor has them. */
const precisions: readonly Precision[] =
  version === null ? [] : bf16Obstacle() === null ? ['float32', 'bf16'] : ['float32'];
const options = {
  processes: nodeProcesses,
  entry: path.join(import.meta.dirname, '../../main/engine/child.ts'),
  threads,
  limits: { timeoutMs: 600_000, memoryBytes: 2 ** 36 },
};
/** Of PyTorch's time and memory, at most. */
const aims = { onnxruntime: [1.3, 1], onednn: [0.4, 0.8] } as const;
const batches = noise();
for (const variant of variants) {
  const engines: readonly Engine[] = [
    new OnnxRuntimeEngine(options),
    ...precisions.map((precision) => {
      return new OneDnnEngine({ ...options, version: version ?? '', precision, otherwise: null });
    }),
  ];
  for (const engine of engines) await engine.useBatches(batches);
  const ours = engines.map((): Figures[] => []);
  const theirs: Figures[] = [];
  for (let pair = 1; pair <= pairs; pair++) {
    theirs.push(pytorch(variant));
    for (const [index, engine] of engines.entries()) {
      // A warm-up right before the timed one, as PyTorch has it: what rested for a while is slower.
      await engine.statistics({ graph: network(variant, 0), termCap: 100 });
      const graph = network(variant, pair);
      const { seconds, peakMemoryBytes } = await engine.statistics({ graph, termCap: 100 });
      ours[index]!.push({ seconds, peakMiB: peakMemoryBytes / 2 ** 20 });
    }
  }
  const { groupSize, swish } = variant;
  const style = groupSize === 0 ? 'depthwise' : `groups of ${groupSize}`;
  const name = `mbconv ${style}${swish ? ' with swish' : ''}, ${size}, batch ${batchSize}`;
  for (const [index, engine] of engines.entries()) {
    await engine.close();
    const { name: engineName, precision } = engine.identity;
    const title = [name, engineName, ...(precision ? [precision] : [])].join(', ');
    report(title, ours[index]!, theirs, precision ? null : aims[engineName]);
  }
  if (version !== null) await printHeaviest(network(variant, 0), batches, threads);
}

function report(
  name: string,
  ours: readonly Figures[],
  theirs: readonly Figures[],
  aimed: readonly [number, number] | null,
): void {
  const [timeAim, memoryAim] = aimed?.map((aim) => `; the aim is at most ${aim}`) ?? ['', ''];
  const time = [ours, theirs].map((figures) => median(figures.map(({ seconds }) => seconds)));
  const peak = [ours, theirs].map((figures) => Math.max(...figures.map((f) => f.peakMiB)));
  console.log(
    `score ${name}: ratio ${(time[0]! / time[1]!).toFixed(2)} (ours ${time[0]!.toFixed(3)} s, ` +
      `PyTorch ${time[1]!.toFixed(3)} s, ${pairs} pairs)${timeAim}`,
  );
  console.log(
    `peak memory ${name}: ratio ${(peak[0]! / peak[1]!).toFixed(2)} (ours ${peak[0]!.toFixed(0)} MiB, ` +
      `PyTorch ${peak[1]!.toFixed(0)} MiB)${memoryAim}`,
  );
}
