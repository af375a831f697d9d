/** Runs a deployed network on images and keeps the range of every value. Blocks: for children. */
import { Tensor } from 'onnxruntime-node';
import { WorkbenchError } from '../errors.ts';
import { createSession } from '../engine/onnxruntime/session.ts';
import type { Graph } from '../graph/graph.ts';
import { inferShapes } from '../graph/infer-shapes.ts';
import { writeDeployableOnnx } from '../graph/onnx/write.ts';
import { elements, type Shape } from '../graph/shape.ts';
import type { RangeMethod } from '../common/quantising.ts';
import { Observed, type Range } from './ranges.ts';

export interface Calibration {
  readonly ranges: ReadonlyMap<string, Range>;
  /** Means a channel of values with a channel axis. */
  readonly means: ReadonlyMap<string, Float64Array>;
  readonly images: number;
}

export interface CalibrationOptions {
  readonly method: RangeMethod;
  /** How many percent of the numbers are inside, for `percentile`. */
  readonly percentile: number;
  readonly threads: number;
  readonly onImage?: (done: number, of: number) => void;
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
      'Give some with --inputs FILE.npy or --data.',
    );
  }
  const values = graph.nodes.map(({ outputs }) => outputs[0]!);
  const whole: Graph = { ...graph, outputs: values };
  const session = await createSession(writeDeployableOnnx(whole, 1, ''), threads);
  const observed = new Map([input!.name, ...values].map((name) => [name, new Observed()]));
  const channels = (name: string) => channelsOf(shapes.get(name)!);
  const passes = method === 'min-max' ? 1 : 2;
  try {
    for (let pass = 0; pass < passes; pass++) {
      for (const [i, image] of images.entries()) {
        if (image.length !== elements(shape)) throw new RangeError('an image of another size');
        const feeds = { [input!.name]: new Tensor('float32', image, [...shape]) };
        const outputs = await session.run(feeds);
        for (const [name, one] of observed) {
          const data = name === input!.name ? image : (outputs[name]!.data as Float32Array);
          if (pass === 0) one.look(data, channels(name));
          else one.count(data);
        }
        onImage?.(pass * images.length + i + 1, passes * images.length);
      }
    }
  } finally {
    await session.release();
  }
  const ranges = new Map<string, Range>();
  const means = new Map<string, Float64Array>();
  for (const [name, one] of observed) {
    // Of outputs the largest are what matters.
    const how = graph.outputs.includes(name) ? 'min-max' : method;
    ranges.set(name, one.range(name, how, percentile));
    if (one.means) means.set(name, one.means);
  }
  return { ranges, means, images: images.length };
}

const channelsOf = (shape: Shape) => (shape.length === 4 || shape.length === 2 ? shape[1]! : 0);
