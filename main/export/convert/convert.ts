/** Converts a model of the user's and says how close the result is. Blocks: for children. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { writeFileAtomically } from '../../atomic-write.ts';
import { WorkbenchError } from '../../errors.ts';
import { readInputFile } from '../../files.ts';
import { toDeployed } from '../../graph/deployed/index.ts';
import type { Graph } from '../../graph/graph.ts';
import { producer } from '../../graph/onnx/builder.ts';
import { decodeModel } from '../../graph/onnx/decode.ts';
import { storedPrecision } from '../../graph/onnx/stored-form.ts';
import { writeDeployableOnnx } from '../../graph/onnx/write.ts';
import { readDeployed } from '../../measure-model/measure-model.ts';
import { prepareInt8 } from '../../quantise/calibrate.ts';
import { writeInt8Onnx } from '../../quantise/onnx-int8.ts';
import { unvarying } from '../../quantise/ranges.ts';
import { withHalfWeights } from '../../tflite/half-weights.ts';
import { int8Model, tfliteModel } from '../../tflite/index.ts';
import { takingImagesAsInFile } from './as-in-file.ts';
import { compare } from './compare.ts';
import { convertedOnnx, convertedTflite, type Converted } from './converted.ts';
import { imagesOf } from './images.ts';
import type { ConvertReport } from './report.ts';
import type { ConvertProgress, ConvertRequest } from './request.ts';

/** The share of the images that checks what the others calibrated. */
const checkedShare = 1 / 4;

/**
 * @throws WorkbenchError `not-convertible`, `output-is-model`, `no-calibration-data`, `calibration-not-finite`,
 * `shape-mismatch`, `inputs-not-finite`, `converted-not-finite`, what reading model and images and writing throw
 */
export async function convert(
  request: ConvertRequest,
  tell: (progress: ConvertProgress) => void,
): Promise<ConvertReport> {
  const started = performance.now();
  const { model, out, target, precision } = request;
  tell({ doing: 'reading', share: 0 });
  await assertOtherFile(model, out);
  const graph = await networkOf(request);
  const images = await imagesOf(request, graph);
  const checking = images.length < 2 ? [] : images.slice(-Math.ceil(images.length * checkedShare));
  const calibrating = precision === 'int8' ? images.slice(0, images.length - checking.length) : [];
  // With a single image there is none left to check with.
  const calibrated = precision === 'int8' && calibrating.length === 0 ? images : calibrating;
  const made = await converted(graph, calibrated, request, tell);
  tell({ doing: 'checking', share: 0.8 });
  const compared = await compare(made.network, made.open, checking, request.threads);
  const bytes = target === 'onnx' ? takingImagesAsInFile(made.bytes, graph) : made.bytes;
  await writeFileAtomically(path.resolve(out), bytes);
  return {
    ...{ model, out, target, precision },
    bytes: { model: (await stat(model)).size, out: bytes.length },
    images: { calibrating: calibrated.length, checking: checking.length },
    ...compared,
    ...{ inFloat: made.inFloat, unvarying: made.unvarying, storedAs: graph.storedAs ?? null },
    seconds: (performance.now() - started) / 1000,
  };
}

/** The file, and how it is opened for the comparison with the network that it was made from. */
async function converted(
  graph: Graph,
  images: readonly Float32Array[],
  request: ConvertRequest,
  tell: (progress: ConvertProgress) => void,
): Promise<Converted & Pick<ConvertReport, 'unvarying'>> {
  const { target, precision, method, percentile, threads, io, productVersion } = request;
  const description = `${producer} ${productVersion}`;
  if (precision === 'int8') {
    const quantisable = await prepareInt8(graph, images, {
      ...{ method, percentile, threads },
      onImage: (done, of) => tell({ doing: 'calibrating', share: 0.4 * (done / of) }),
      onWeights: (done, of) => tell({ doing: 'rounding weights', share: 0.4 + 0.4 * (done / of) }),
    });
    const always = unvarying(quantisable.calibration.ranges);
    if (target === 'onnx') {
      const { bytes, inFloat } = writeInt8Onnx(quantisable, productVersion);
      const made = convertedOnnx(quantisable.graph, quantisable.exact, bytes, inFloat);
      return { ...made, unvarying: always };
    }
    const { model, inFloat } = int8Model(quantisable, io);
    const made = convertedTflite(quantisable.exact, model, description, inFloat);
    return { ...made, unvarying: always };
  }
  const deployed = toDeployed(graph);
  if (target === 'onnx') {
    const bytes = writeDeployableOnnx(deployed, 1, productVersion, precision);
    return { ...convertedOnnx(deployed, deployed, bytes, []), unvarying: [] };
  }
  const model = tfliteModel(deployed, { linearAsConv: false, spellOut: false });
  const kept = precision === 'float16' ? withHalfWeights(model) : model;
  return { ...convertedTflite(deployed, kept, description, []), unvarying: [] };
}

/** Throws `output-is-model`: a trained model is not replaced by what rounding leaves of it. */
async function assertOtherFile(model: string, out: string): Promise<void> {
  const [from, to] = await Promise.all([model, out].map((file) => identityOf(path.resolve(file))));
  if (from === null || from !== to) return;
  throw new WorkbenchError(
    'output-is-model',
    `${out} is the model that is to be converted.`,
    'Name another file to write.',
  );
}

/** The same for two names of one file; null where there is none. */
async function identityOf(file: string): Promise<string | null> {
  try {
    // As numbers, those of NTFS are rounded, so that two files could seem to be one.
    const { dev, ino } = await stat(file, { bigint: true });
    return `${dev} ${ino}`;
  } catch {
    return null;
  }
}

async function networkOf({ model, size }: ConvertRequest): Promise<Graph> {
  const precision = storedPrecision(decodeModel(await readInputFile(model), model));
  if (precision !== 'int8') return await readDeployed({ model, size });
  throw new WorkbenchError(
    'unsupported-tensor',
    `The weights of ${model} are stored as ${precision}.`,
    'Convert the model from before it was quantised.',
  );
}
