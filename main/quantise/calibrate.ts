/** Runs a deployed network on images and keeps the range of every value. Blocks: for children. */
import { Tensor } from 'onnxruntime-node';
import { WorkbenchError } from '../errors.ts';
import { createSession } from '../engine/onnxruntime/session.ts';
import { toDeployedForInt8 } from '../graph/deployed/index.ts';
import type { Graph } from '../graph/graph.ts';
import { inferShapes } from '../graph/infer-shapes.ts';
import { writeDeployableOnnx } from '../graph/onnx/write.ts';
import { elements, type Shape } from '../graph/shape.ts';
import type { RangeMethod } from '../common/quantising.ts';
import { weightedLayers } from './layers.ts';
import type { Calibration, Quantisable } from './calibration.ts';
import { MomentsOfLayer } from './moments.ts';
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
  const [input] = graph.inputs;
  const shapes = inferShapes(graph, 1);
  const shape = shapes.get(input!.name)!;
  if (images.length === 0) {
    throw new WorkbenchError(
      'no-calibration-data',
      'There are no images from which to find the ranges of values.',
      'Give some: a folder of images, or an array.',
    );
  }
  const values = graph.nodes.map(({ outputs }) => outputs[0]!);
  const whole: Graph = { ...graph, outputs: values };
  const session = await createSession(writeDeployableOnnx(whole, 1, ''), threads);
  const observed = new Map([input!.name, ...values].map((name) => [name, new Observed()]));
  const channels = (name: string) => channelsOf(shapes.get(name)!);
  const passes = method === 'min-max' ? 1 : 2;
  const layers = weightedLayers(graph).map((layer) => {
    const shape = shapes.get(layer.input)!;
    return { layer, moments: new MomentsOfLayer(layer, shape, images.length) };
  });
  try {
    for (let pass = 0; pass < passes; pass++) {
      for (const [i, image] of images.entries()) {
        if (image.length !== elements(shape)) throw new RangeError('an image of another size');
        const feeds = { [input!.name]: new Tensor('float32', image, [...shape]) };
        const outputs = await session.run(feeds);
        const numbers = (name: string) =>
          name === input!.name ? image : (outputs[name]!.data as Float32Array);
        for (const [name, one] of observed) {
          if (pass === 0) one.look(numbers(name), channels(name));
          else one.count(numbers(name));
        }
        if (pass === 0) for (const { layer, moments } of layers) moments.look(numbers(layer.input));
        onImage?.(pass * images.length + i + 1, passes * images.length);
      }
    }
  } finally {
    await session.release();
  }
  const ranges = new Map<string, Range>();
  const means = new Map<string, Float64Array>();
  for (const [name, one] of observed) {
    // In outputs, the largest numbers are what matters.
    const how = graph.outputs.includes(name) ? 'min-max' : method;
    ranges.set(name, one.range(name, how, percentile));
    if (one.means) means.set(name, one.means);
  }
  const moments = new Map(layers.map((one) => [one.layer.node.outputs[0]!, one.moments.moments]));
  return { ranges, means, moments };
}

const channelsOf = (shape: Shape) => (shape.length === 4 || shape.length === 2 ? shape[1]! : 0);
