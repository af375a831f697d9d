import { Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { builtVersion, loadAddon } from '../../../main/engine/onednn/addon.ts';
import { lowerToPlan as lowerNatively } from '../../../main/engine/onednn/lower.ts';
import { lowerToModel } from '../../../main/engine/onnxruntime/lower.ts';
import { createSession } from '../../../main/engine/onnxruntime/session.ts';
import {
  efficientDetLoss,
  positiveInput,
  targetOffsetsInput,
  withDetectionLoss,
} from '../../../main/graph/detection.ts';
import { differentiate, type DifferentiatedGraph } from '../../../main/graph/differentiate.ts';
import type { Graph } from '../../../main/graph/graph.ts';
import { lossOutput, targetsInput } from '../../../main/graph/losses.ts';
import { materialise } from '../../../main/graph/weights.ts';
import { evaluate } from '../../support/reference-evaluator.ts';
import { noise, Sketch } from '../../support/sketch.ts';
import type { Known } from '../../../main/common/known.ts';

const batchSize = 2;
const classes = 3;
const perPlace = 2;
const sizes = [
  [4, 4],
  [2, 2],
] as const;
const anchors = perPlace * sizes.reduce((sum, [h, w]) => sum + h * w, 0);

/** Two levels, each with a class map and a box map. */
function network(): Graph {
  const sketch = new Sketch(batchSize, [2, 4, 4]);
  const fine = sketch.conv('fine', 'image', [5, 2, 1, 1]);
  const coarse = sketch.conv('coarse', fine, [5, 5, 2, 2], { strides: [2, 2] });
  const head = (name: string, x: string, width: number) =>
    sketch.conv(name, x, [perPlace * width, 5, 1, 1]);
  return sketch.graph([
    head('fine classes', fine, classes),
    head('coarse classes', coarse, classes),
    head('fine boxes', fine, 4),
    head('coarse boxes', coarse, 4),
  ]);
}

/** Every fifth anchor has a box; some of the offsets lie beyond the bend of the Huber loss, some before. */
const targets = Array.from({ length: batchSize * anchors }, (_, i) =>
  i % 5 === 0 ? (i / 5) % classes : classes,
);
const positive: number[] = targets.map((target) => (target < classes ? 1 : 0));
const targetOffsets = Float32Array.from(noise(batchSize * anchors * 4, 'offsets'), (v) => v / 2);

/** The loss once more, in double precision from the network's four maps, straight from the papers. */
function referenceLoss(graph: Graph, weights: ReadonlyMap<string, Float64Array>): number {
  const values = evaluate(graph, batchSize, new Map([['image', image]]), weights);
  const { alpha, gamma, delta, boxWeight } = efficientDetLoss;
  const count = positive.reduce((a, b) => a + b, 0) + 1;
  let loss = 0;
  for (let n = 0; n < batchSize; n++) {
    let anchor = n * anchors;
    for (const [level, [height, width]] of sizes.entries()) {
      const at = (output: number, channel: number, place: number) => {
        const { data, shape } = values.get(graph.outputs[output]!) ?? { data: [], shape: [] };
        return data[(n * shape[1]! + channel) * height * width + place]!;
      };
      for (let place = 0; place < height * width; place++) {
        for (let a = 0; a < perPlace; a++, anchor++) {
          for (let k = 0; k < classes; k++) {
            const p = 1 / (1 + Math.exp(-at(level, a * classes + k, place)));
            const own = targets[anchor] === k;
            const pt = own ? p : 1 - p;
            loss -= ((own ? alpha : 1 - alpha) * (1 - pt) ** gamma * Math.log(pt)) / count;
          }
          if (positive[anchor] === 0) continue;
          for (let c = 0; c < 4; c++) {
            const error = Math.abs(
              at(2 + level, a * 4 + c, place) - targetOffsets[anchor * 4 + c]!,
            );
            const huber = error <= delta ? error ** 2 / 2 : delta * (error - delta / 2);
            loss += (boxWeight * huber) / (4 * count);
          }
        }
      }
    }
  }
  return loss;
}

const image = noise(batchSize * 2 * 16, 'image');

interface Computed {
  readonly loss: number;
  readonly gradient: (weight: string) => Float32Array;
}

async function byOnnxRuntime(differentiated: DifferentiatedGraph): Promise<Computed> {
  const session = await createSession(lowerToModel(differentiated), 1);
  const outputs = await session.run({
    image: new Tensor('float32', image, [batchSize, 2, 4, 4]),
    [targetsInput]: new Tensor('int64', BigInt64Array.from(targets, BigInt), [batchSize, anchors]),
    [targetOffsetsInput]: new Tensor('float32', targetOffsets, [batchSize, anchors, 4]),
    [positiveInput]: new Tensor('float32', Float32Array.from(positive), [batchSize, anchors, 1]),
  });
  await session.release();
  return {
    loss: (outputs[lossOutput]!.data as Float32Array)[0]!,
    gradient: (weight) => outputs[differentiated.gradients.get(weight) ?? '']!.data as Float32Array,
  };
}

async function byOneDnn(differentiated: DifferentiatedGraph): Promise<Computed> {
  const { losses, layers } = await loadAddon().run(
    {
      ...lowerNatively(differentiated),
      batches: [
        {
          inputs: [image, targetOffsets, Float32Array.from(positive)],
          targets: Int32Array.from(targets),
        },
      ],
      termCap: 100,
      threads: 2,
      keepGradients: true,
    },
    false,
  );
  const names = [...differentiated.gradients.keys()];
  return {
    loss: losses[0]!,
    gradient: (weight) => layers[names.indexOf(weight)]!.gradients?.[0] as Float32Array,
  };
}

const engines = [
  ['onnxruntime', byOnnxRuntime],
  ...(builtVersion() === null ? [] : [['onednn', byOneDnn] as const]),
] as const;

describe.each(engines)('by %s, the detection loss', (_engine, compute) => {
  const computed = async (graph: Graph, wanted: readonly string[]) => {
    const scored = withDetectionLoss(graph, batchSize, classes, { perPlace, pyramid: [] });
    const result = await compute(differentiate(scored.graph, batchSize, wanted));
    return { levels: scored.levels, ...result };
  };

  it('is focal loss plus weighted Huber loss over anchors with a box', async () => {
    const graph = network();
    const { loss, levels } = await computed(graph, ['fine']);
    expect(levels).toEqual(sizes.map(([height, width]) => ({ height, width })));
    const reference = referenceLoss(graph, new Map());
    expect(Math.abs(loss - reference) / reference).toBeLessThan(1e-5);
  });

  it('has the gradients of finite differences', async () => {
    const graph = network();
    const wanted = [...graph.initializers.keys()];
    expect(wanted).toHaveLength(6);
    const result = await computed(graph, wanted);
    const step = 1e-6;
    for (const weight of wanted) {
      const initializer = graph.initializers.get(weight);
      if (!initializer) throw new Error(weight);
      const gradient = result.gradient(weight);
      const largest = gradient.reduce((top, value) => Math.max(top, Math.abs(value)), 0);
      for (let place = 0; place < gradient.length; place += 3) {
        const [above, below] = [step, -step].map((by) => {
          const moved = Float64Array.from(materialise(initializer));
          moved[place]! += by;
          return referenceLoss(graph, new Map([[weight, moved]]));
        }) as Known<number>;
        const slope = (above - below) / (2 * step);
        expect(Math.abs(gradient[place]! - slope) / largest, `${weight} ${place}`).toBeLessThan(
          1e-4,
        );
      }
    }
  });

  it('takes two outputs over all anchors as well, and refuses others', () => {
    const sketch = new Sketch(batchSize, [2, 4, 4]);
    const x = sketch.conv('conv', 'image', [perPlace * 4, 2, 1, 1]);
    const rows = (value: string, width: number) =>
      sketch.node('Reshape', [value], { shape: [0, -1, width] });
    const graph = sketch.graph([rows(x, 4), rows(x, 4)]);
    const pyramid = [{ height: 4, width: 4 }];
    const { levels } = withDetectionLoss(graph, batchSize, 4, { perPlace, pyramid });
    expect(levels).toEqual(pyramid);
    const refused =
      (wrong: Graph, of = classes) =>
      () =>
        withDetectionLoss(wrong, batchSize, of, { perPlace, pyramid });
    expect(refused(graph, 5)).toThrow(/not 2 x 32 x 5/);
    expect(refused({ ...graph, outputs: [x] })).toThrow(/does not end as a detection network/);
  });
});
