/** Runs a deployed network on images and keeps the range of every value. Blocks: for children. */
import { Tensor } from 'onnxruntime-node';
import { WorkbenchError } from '../errors.ts';
import { createSession } from '../engine/onnxruntime/session.ts';
import { toDeployedForInt8 } from '../graph/deployed/index.ts';
import type { Graph } from '../graph/graph.ts';
import { inferShapes } from '../graph/infer-shapes.ts';
import { deployableNodes, writeDeployableOnnx } from '../graph/onnx/write.ts';
import { elements } from '../graph/shape.ts';
import type { RangeMethod } from '../common/quantising.ts';
import { weightedLayers } from './layers.ts';
import type { Calibration, Quantisable } from './calibration.ts';
import { MomentsOfLayer } from './moments.ts';
import { Products } from './products.ts';
import { Observed, type Range } from './ranges.ts';
import { withRoundedWeights } from './rounding.ts';

/** Finds ranges on images and rounds the weights to suit them. Throws what `calibrate` throws. */
export async function prepareInt8(
  graph: Graph,
  images: readonly Float32Array[],
  options: CalibrationOptions,
): Promise<Quantisable> {
  const deployed = toDeployedForInt8(graph);
  const calibration = await calibrate(deployed, images, options);
  const rounded = withRoundedWeights(deployed, calibration, options.onWeights);
  return { graph: rounded, exact: deployed, calibration };
}

export interface CalibrationOptions {
  readonly method: RangeMethod;
  /** For `percentile`: how many percent of the numbers lie inside the range. */
  readonly percentile: number;
  readonly threads: number;
  readonly onImage?: (done: number, of: number) => void;
  /** While weights are rounded, which takes longer than the images where there are millions. */
  readonly onWeights?: (done: number, of: number) => void;
}

/**
 * @param graph deployed (`toDeployed`), every size known but the batch's
 * @param images float32, C, H, W each
 * @throws WorkbenchError `no-calibration-data`, `calibration-not-finite`
 */
export async function calibrate(
  graph: Graph,
  images: readonly Float32Array[],
  { method, percentile, threads, onImage }: CalibrationOptions,
): Promise<Calibration> {
  const input = graph.inputs[0]!.name;
  const shapes = inferShapes(graph, 1);
  if (images.length === 0) {
    throw new WorkbenchError(
      'no-calibration-data',
      'There are no images from which to find the ranges of values.',
      'Give some: a folder of images, or an array.',
    );
  }
  const values = graph.nodes.map(({ outputs }) => outputs[0]!);
  const observed = [input, ...values].map((name) => new Observed(name, shapes.get(name)!));
  const layers = weightedLayers(graph).map(
    (layer) => new MomentsOfLayer(layer, shapes.get(layer.input)!, images.length),
  );
  const passes = method === 'min-max' ? 1 : 2;
  let runs = 0;
  const run = async (
    model: Uint8Array,
    more: () => Feeds,
    look: (given: Given) => Promise<void> | void,
  ) => {
    const session = await createSession(model, threads);
    const shape = shapes.get(input)!;
    try {
      for (const image of images) {
        if (image.length !== elements(shape)) throw new RangeError('an image of another size');
        const given = { [input]: new Tensor('float32', image, shape) };
        await look({ ...given, ...(await session.run({ ...given, ...more() })) });
        onImage?.(++runs, passes * images.length);
      }
    } finally {
      await session.release();
    }
  };
  const places = () => Object.fromEntries(layers.flatMap((layer) => layer.feeds()));
  const products = await Products.open(threads);
  try {
    await run(withSums(graph, observed, layers), places, async (given) => {
      const numbers = (name: string) => given[name]!.data as Float32Array;
      for (const one of observed) one.look(numbers);
      for (const one of layers) await one.add(numbers(one.output), products);
    });
    for (const one of layers) await one.sumUp(products);
  } finally {
    await products.close();
  }
  if (passes > 1) {
    const whole = writeDeployableOnnx({ ...graph, outputs: values }, 1, '');
    const nothing = () => ({});
    await run(whole, nothing, (given) => {
      for (const one of observed) one.count(given[one.name]!.data as Float32Array);
    });
  }
  const ranges = new Map<string, Range>();
  const means = new Map<string, Float64Array>();
  for (const one of observed) {
    // In outputs, the largest numbers are what matters.
    const how = graph.outputs.includes(one.name) ? 'min-max' : method;
    ranges.set(one.name, one.range(how, percentile));
    if (one.means) means.set(one.name, one.means);
  }
  return { ranges, means, moments: new Map(layers.map((one) => [one.value, one.moments])) };
}

type Feeds = Readonly<Record<string, Tensor>>;
type Given = Readonly<Record<string, Tensor | undefined>>;

/** The network as a model that gives what is wanted to know about its values, and none of them. */
function withSums(
  graph: Graph,
  observed: readonly Observed[],
  layers: readonly MomentsOfLayer[],
): Uint8Array {
  const whole = { ...graph, outputs: observed.slice(1).map(({ name }) => name) };
  const { builder } = deployableNodes(whole, 1);
  for (const one of [...observed, ...layers]) one.addTo(builder);
  return builder.encode('calibration', '');
}
