/** How close our int8 files are to float on the images of which another converter's closeness is known. */
import { Tensor } from 'onnxruntime-node';
import { usualRanges } from '../../main/common/quantising.ts';
import { createSession } from '../../main/engine/onnxruntime/session.ts';
import { Differences } from '../../main/export/convert/report.ts';
import { prepareInt8 } from '../../main/quantise/calibrate.ts';
import { writeInt8Onnx } from '../../main/quantise/onnx-int8.ts';
import { writeInt8Tflite } from '../../main/tflite/index.ts';
import { runInOnnxruntime, runInTflite, channelsLast } from './tflite.ts';
import { corpusImages, withStatistics, type CorpusNetwork } from './tflite-corpus.ts';

/** What test/support/quantize_static.py printed. */
export interface PeerFigures {
  readonly versions: Readonly<Record<string, string>>;
  /** By network. */
  readonly figures: Readonly<Record<string, { readonly decibels: number; readonly bytes: number }>>;
}

/**
 * Decibels over all outputs of the images that check, in onnxruntime and in TensorFlow Lite 2.9.
 * @param isOpen whether the network still needs statistics for its BatchNormalizations
 */
export async function closenessInInt8(
  { graph, image }: CorpusNetwork,
  isOpen: boolean,
): Promise<{ readonly onnx: number; readonly tflite: number }> {
  const images = await corpusImages(image);
  const network = isOpen ? await withStatistics(graph, image, images.calibrating) : graph;
  const options = { ...usualRanges, threads: 1 };
  const quantisable = await prepareInt8(network, images.calibrating, options);
  const onnx = await createSession(writeInt8Onnx(quantisable, 'bench').bytes, 1);
  const { bytes } = writeInt8Tflite(quantisable, 'bench');
  const [inOnnx, inTflite] = [new Differences(), new Differences()];
  const shape = [1, ...image];
  const input = network.inputs[0]!.name;
  for (const data of images.checking) {
    const expected = await runInOnnxruntime(network, { shape, data });
    const given = await onnx.run({ [input]: new Tensor('float32', data, shape) });
    const lite = runInTflite(bytes, { shape, data });
    expected.forEach((output, i) => {
      const { dims, data: own } = given[network.outputs[i]!]!;
      const last = channelsLast({ shape: dims, data: own as Float32Array });
      inOnnx.add(output.data, last.data);
      inTflite.add(output.data, lite[i]!.data);
    });
  }
  await onnx.release();
  const decibels = (of: Differences) => of.closeness.sqnrDb ?? 100;
  return { onnx: decibels(inOnnx), tflite: decibels(inTflite) };
}
