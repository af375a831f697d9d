/** Runs a converted network beside the original, to find the error of each layer and of the output. */
import { Tensor } from 'onnxruntime-node';
import { createSession } from '../../engine/onnxruntime/session.ts';
import { WorkbenchError } from '../../errors.ts';
import type { Graph } from '../../graph/graph.ts';
import { writeDeployableOnnx } from '../../graph/onnx/write.ts';
import { toChannelsLast } from './channels-last.ts';
import type { Converted, Opened } from './converted.ts';
import { agreement, Differences, type ConvertReport } from './report.ts';

type Compared = Pick<ConvertReport, 'output' | 'why' | 'layers'>;

/** @param network deployed, in float */
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
  let [same, places] = [0, 0];
  try {
    const input = network.inputs[0]!;
    const shape = [1, ...input.shape.slice(1).map((size) => size!)];
    for (const image of images) {
      const expected = await session.run({ [input.name]: new Tensor('float32', image, shape) });
      const given = await opened.run(image);
      network.outputs.forEach((value, i) => {
        const { data, dims } = expected[value]!;
        const wanted = toChannelsLast(data as Float32Array, dims);
        whole.add(wanted, given[i]!);
        const classes = dims.length === 4 ? dims[1]! : dims.at(-1)!;
        const met = agreement(wanted, given[i]!, classes);
        [same, places] = [same + met.same, places + met.places];
      });
      layers.forEach(({ value }, i) => {
        const { data, dims } = expected[value]!;
        const wanted = toChannelsLast(data as Float32Array, dims);
        each[i]!.add(wanted, given[network.outputs.length + i]!);
      });
    }
  } finally {
    await opened.close();
    await session.release();
  }
  return {
    output: { ...whole.closeness, firstClassAgreement: same / places },
    why: null,
    layers: layers.map(({ layer }, i) => ({ layer, ...each[i]!.closeness })),
  };
}
