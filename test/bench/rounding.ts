/**
 * `npm run bench -- rounding [SPACE,SPACE] [COUNT] [SIZE] [BATCH] [--maskless] [--python PATH]
 * [--instructions avx2]`: how far scores in float32 and float32-winograd lie from those in double precision, by PyTorch
 * (pytorch_float64.py): losses, gradient norms and capped ZiCo of COUNT random networks (of at most 30
 * million parameters) of each space, four batches, one thread; and Kendall's tau between both precisions.
 * Images are noise of SIZE x SIZE. `--maskless` takes the networks without operators that compare: a Relu whose mask
 * rounding flips moves a score by far more than the rounding itself, and then decides the figures.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { kendallTauB } from '../../main/common/rank-correlation.ts';
import { computeNativeStatistics } from '../../main/engine/onednn/statistics.ts';
import { nativeTask } from '../../main/engine/onednn/task.ts';
import { scoredLayers } from '../../main/engine/scored-layers.ts';
import type { Graph, Node } from '../../main/graph/graph.ts';
import { inferShapes } from '../../main/graph/infer-shapes.ts';
import { resizeMatrix } from '../../main/graph/operators/resize.ts';
import { summarise } from '../../main/graph/summary.ts';
import { materialise } from '../../main/graph/weights.ts';
import { scoreOf } from '../../main/proxy/zico.ts';
import { generatorFor } from '../../main/random.ts';
import { spaceNamed, withResolution } from '../../main/space/index.ts';
import { initialNetwork } from '../../main/space/initial-network.ts';
import type { BatchSet } from '../../main/task/batches.ts';
import { withoutMasks } from '../support/engine-agreement.ts';
import { noise } from '../support/sketch.ts';
import { benchArguments, where } from './peer.ts';

const { values, positionals } = benchArguments({
  maskless: { type: 'boolean', default: false },
});
const [names = 'nats-sss,efficientnet-wide', count = '30', size = '32', batch = '8'] = positionals;
const [side, batchSize, batches, termCap] = [Number(size), Number(batch), 4, 100] as const;
const mostParameters = 30e6;

interface Score {
  readonly losses: readonly number[];
  /** Of each layer, one a batch. */
  readonly norms: readonly (readonly number[])[];
  readonly capped: number;
}

/** Images of the size that the network takes: some spaces search it. */
function setOf(network: Graph, task: 'classification' | 'segmentation', classes: number): BatchSet {
  const [height, width] = network.inputs[0]!.shape.slice(2) as [number, number];
  const places = task === 'segmentation' ? height * width : 1;
  return {
    task,
    ...{ batchSize, classes, inputShape: [3, height, width], description: 'noise' },
    batches: Array.from({ length: batches }, (_, b) => ({
      inputs: noise(batchSize * 3 * height * width, 'rounding', b).map((x) => 1.7 * x),
      targets: Int32Array.from({ length: batchSize * places }, (_, i) => (i * 7 + 3 * b) % classes),
    })),
  } as BatchSet;
}

/** What PyTorch needs of a node; a resize as matrices, so that nobody's idea of one decides. */
function described({ kind, inputs, outputs, attributes }: Node, x: readonly number[]): unknown {
  if (kind !== 'Resize') return { kind, inputs, outputs, attributes };
  const [rows, columns] = ([0, 1] as const).map((axis) => {
    const { to, matrix } = resizeMatrix(x[2 + axis]!, axis, attributes);
    return { shape: [to, x[2 + axis]], numbers: [...matrix] };
  });
  return { kind, inputs: inputs.slice(0, 1), outputs, attributes: { rows, columns } };
}

function inDouble(graph: Graph, set: BatchSet, weights: readonly string[]): Score {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'zico-rounding-'));
  try {
    let offset = 0;
    const numbers: Float32Array[] = [];
    const initializers = [...graph.initializers].map(([name, initializer]) => {
      const own = materialise(initializer);
      numbers.push(own);
      offset += own.length;
      return { name, shape: initializer.shape, offset: offset - own.length };
    });
    const write = (file: string, parts: readonly ArrayBufferView[]) =>
      writeFileSync(
        path.join(folder, file),
        Buffer.concat(parts.map((p) => Buffer.from(p.buffer, p.byteOffset, p.byteLength))),
      );
    write('numbers.f32', numbers);
    write(
      'inputs.f32',
      set.batches.map(({ inputs }) => inputs),
    );
    write(
      'targets.i32',
      set.batches.map(({ targets }) => targets as Int32Array),
    );
    const shapes = inferShapes(graph, batchSize);
    const [image, targets] = graph.inputs;
    const manifest = {
      nodes: graph.nodes.map((node) => described(node, shapes.get(node.inputs[0]!) ?? [])),
      ...{ initializers, weights, batches, batchSize, termCap },
      ...{ inputShape: set.inputShape, loss: graph.outputs[0], image: image!.name },
      ...{ targets: targets!.name, targetShape: targets!.shape.slice(1) },
    };
    writeFileSync(path.join(folder, 'manifest.json'), JSON.stringify(manifest));
    const script = path.join(import.meta.dirname, 'pytorch_float64.py');
    const printed = execFileSync(values.python, [script, folder], { encoding: 'utf8' });
    return JSON.parse(printed) as Score;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function native(
  network: Graph,
  set: BatchSet,
  precision: 'float32' | 'float32-winograd',
): Promise<Score> {
  const computed = await computeNativeStatistics(network, set, termCap, 1, false, precision);
  const norms = computed.layers.map(({ gradientNorms }) => gradientNorms);
  return { losses: computed.losses, norms, capped: scoreOf(computed.layers).zicoCapped };
}

/** Of layers that no gradient reaches there is nothing to say. */
const apart = (found: readonly number[], reference: readonly number[]) =>
  found.flatMap((value, i) => (reference[i] === 0 ? [] : [Math.abs(value / reference[i]! - 1)]));
const at = (all: readonly number[], part: number) =>
  all.toSorted((a, b) => a - b)[Math.min(all.length - 1, Math.floor(all.length * part))]!;

for (const name of names.split(',')) {
  const space = withResolution(spaceNamed(name), { scoring: [side, side] });
  const { task } = space;
  if (task === 'detection') throw new RangeError('the loss of detection is not in the script');
  const random = generatorFor('rounding', name);
  const all: Record<'double' | 'float32' | 'winograd', Score[]> = {
    ...{ double: [], float32: [], winograd: [] },
  };
  while (all.double.length < Number(count)) {
    const genotype = space.sample(random);
    if (summarise(space.decode(genotype, 'scoring')).parameters > mostParameters) continue;
    const drawn = initialNetwork(space, genotype, 'pytorch-default', 0, 'scoring');
    const network = values.maskless ? withoutMasks(drawn) : drawn;
    const set = setOf(network, task, space.classes);
    const { graph } = nativeTask(network, set);
    const weights = scoredLayers(graph).map(({ weight }) => weight);
    all.double.push(inDouble(graph, set, weights));
    all.float32.push(await native(network, set, 'float32'));
    all.winograd.push(await native(network, set, 'float32-winograd'));
  }
  const which = `${name}${values.maskless ? ' without masks' : ''}`;
  console.log(`${where()}: ${which}, ${count} networks, ${batches} x ${batch} images of ${size}`);
  const measures: Readonly<Record<string, (score: Score) => readonly number[]>> = {
    losses: ({ losses }) => losses,
    'gradient norms': ({ norms }) => norms.flat(),
    'capped ZiCo': ({ capped }) => [capped],
  };
  for (const [title, of] of Object.entries(measures)) {
    const found = (['float32', 'winograd'] as const).map((precision) =>
      all[precision].flatMap((score, i) => apart(of(score), of(all.double[i]!))),
    );
    const [direct, winograd] = [0.5, 0.99].map((part) =>
      found.map((distances) => at(distances, part)),
    );
    console.log(
      `  ${title}: median ${direct!.map((d) => d.toExponential(1)).join(' and ')}, ` +
        `99 % ${winograd!.map((d) => d.toExponential(1)).join(' and ')} (float32, float32-winograd)`,
    );
  }
  const capped = (scores: readonly Score[]) => scores.map((score) => score.capped);
  console.log(
    `  Kendall's tau of capped ZiCo between both: ${kendallTauB(capped(all.float32), capped(all.winograd)).toFixed(4)}`,
  );
}
