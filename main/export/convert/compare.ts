/** Runs a converted network beside the original, to find the error of each layer and of the output. */
import { Tensor } from 'onnxruntime-node';
import { createSession } from '../../engine/onnxruntime/session.ts';
import { WorkbenchError } from '../../errors.ts';
import type { Graph } from '../../graph/graph.ts';
import { writeDeployableOnnx } from '../../graph/onnx/write.ts';
import { outputChannelsLast, toChannelsLast } from './channels-last.ts';
import type { Converted, Opened } from './converted.ts';
import { agreement, Differences, type ConvertReport } from './report.ts';

type Compared = Pick<ConvertReport, 'output' | 'why' | 'layers'>;

/**
 * @param network deployed, in float
 * @throws WorkbenchError `converted-not-finite`, what running either throws
 */
export async function compare(
  network: Graph,
  open: Converted['open'],
  images: readonly Float32Array[],
  threads: number,
): Promise<Compared> {
  const nothing = (why: string): Compared => ({ output: null, why, layers: [] });
  if (images.length === 0) return nothing('no images were left to check it with');
  let opened: Opened;
  try {
    opened = await open(threads);
  } catch (error) {
    if (error instanceof WorkbenchError && error.code === 'runner-not-built') {
      return nothing(error.message);
    }
    throw error;
  }
  const { layers } = opened;
  const values = [...new Set([...network.outputs, ...layers.map(({ value }) => value)])];
  const float = writeDeployableOnnx({ ...network, outputs: values }, 1, '');
  const session = await createSession(float, threads);
  const whole = new Differences();
  const each = layers.map(() => new Differences());
  const odd = new Set<number>();
  let [same, places] = [0, 0];
  try {
    const input = network.inputs[0]!;
    const shape = [1, ...input.shape.slice(1).map((size) => size!)];
    for (const image of images) {
      const expected = await session.run({ [input.name]: new Tensor('float32', image, shape) });
      const given = await opened.run(image);
      for (const [i, value] of network.outputs.entries()) {
        const { data, dims } = expected[value]!;
        const wanted = outputChannelsLast(network, value, data as Float32Array, dims);
        if (!isFinite(wanted)) return nothing('what the model itself gives there is not finite');
        if (!isFinite(given[i]!)) throw notFinite(value);
        whole.add(wanted, given[i]!);
        const isFirst = dims.length === 4 && !network.channelsLast?.includes(value);
        const classes = isFirst ? dims[1]! : dims.at(-1)!;
        const met = agreement(wanted, given[i]!, classes);
        [same, places] = [same + met.same, places + met.places];
      }
      layers.forEach(({ value }, i) => {
        const { data, dims } = expected[value]!;
        const wanted = toChannelsLast(data as Float32Array, dims);
        const own = given[network.outputs.length + i]!;
        if (isFinite(wanted) && isFinite(own)) each[i]!.add(wanted, own);
        else odd.add(i);
      });
    }
  } finally {
    await opened.close();
    await session.release();
  }
  return {
    output: { ...whole.closeness, firstClassAgreement: same / places },
    why: null,
    layers: layers.flatMap(({ layer }, i) =>
      odd.has(i) ? [] : [{ layer, ...each[i]!.closeness }],
    ),
  };
}

const isFinite = (data: Float32Array) => data.every(Number.isFinite);

const notFinite = (value: string) =>
  new WorkbenchError(
    'converted-not-finite',
    `The converted model gives numbers that are not finite for "${value}", where the model does not.`,
    'Nothing was written. Convert in another precision.',
  );
