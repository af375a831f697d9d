/**
 * `npm run bench -- tflite [COUNT[,QUANTISED]] [SPACE|MODEL.onnx ...]`: how close the TensorFlow Lite files of COUNT random
 * networks of every built-in space (or of those named), and of models, are to onnxruntime in float32, float16 and, of the
 * first QUANTISED (all), int8, in TensorFlow Lite 2.9 and in LiteRT. Whatever a runtime refuses is printed.
 */
import { usualRanges } from '../../main/common/quantising.ts';
import { Differences } from '../../main/export/convert/report.ts';
import { prepareInt8 } from '../../main/quantise/calibrate.ts';
import { builtInNames } from '../../main/space/index.ts';
import { writeInt8Tflite, writeTflite } from '../../main/tflite/index.ts';
import { runInLiteRt } from '../support/litert.ts';
import {
  channelsLast,
  difference,
  runEachInOnnxruntime,
  runEachInTflite,
  type Output,
} from '../support/tflite.ts';
import {
  corpusImages,
  networkOfFile,
  networkOfSpace,
  withStatistics,
  type CorpusNetwork,
} from '../support/tflite-corpus.ts';

const [counts = '40', ...named] = process.argv.slice(2);
const [count, quantising = count] = counts.split(',').map(Number) as [number, number?];
/** Of the images: so many calibrate, and so many are looked at. */
const [calibrating, looked] = [16, 2];

interface Found {
  readonly name: string;
  /** Largest difference relative to the largest value: either runtime to onnxruntime, and one to the other. */
  readonly float32: readonly [tflite: number, litert: number, apart: number];
  readonly float16: readonly [tflite: number, litert: number, apart: number];
  /** Decibels to float, and of one runtime to the other. */
  readonly int8: readonly [tflite: number, litert: number, apart: number] | null;
  readonly inFloat: number;
}

const decibels = (expected: readonly Output[][], given: readonly Output[][]) => {
  const all = new Differences();
  expected.forEach((outputs, i) => {
    outputs.forEach(({ data }, k) => all.add(data, given[i]![k]!.data));
  });
  return all.closeness.sqnrDb ?? Infinity;
};

/**
 * @param isOpen whether BatchNormalization still has no statistics
 * @param quantises whether int8 is looked at as well
 */
async function lookAt(
  { name, graph, image }: CorpusNetwork,
  isOpen: boolean,
  quantises: boolean,
): Promise<Found> {
  const images = await corpusImages(image);
  const network =
    isOpen && quantises ? await withStatistics(graph, image, images.calibrating) : graph;
  const pictures = images.checking.slice(0, looked).map((data) => ({ shape: [1, ...image], data }));
  const expected = await runEachInOnnxruntime(network, pictures);
  const inBoth = async (file: Uint8Array) => {
    const old = runEachInTflite(file, pictures);
    const inputs = pictures.map((picture) => channelsLast(picture).data);
    return { old, now: (await runInLiteRt(file, inputs)) as Output[][] };
  };
  const worst = (a: readonly Output[][], b: readonly Output[][]) =>
    Math.max(...a.map((outputs, i) => difference(outputs, b[i]!)));
  const inPrecision = async (precision: 'float32' | 'float16') => {
    const { old, now } = await inBoth(writeTflite(network, precision, 'bench'));
    return [worst(old, expected), worst(now, expected), worst(now, old)] as const;
  };
  const float32 = await inPrecision('float32');
  const float16 = await inPrecision('float16');
  if (!quantises) return { name, float32, float16, int8: null, inFloat: 0 };
  const options = { ...usualRanges, threads: 1 };
  const quantisable = await prepareInt8(network, images.calibrating.slice(0, calibrating), options);
  const { bytes, inFloat } = writeInt8Tflite(quantisable, 'bench');
  const { old, now } = await inBoth(bytes);
  const int8 = [decibels(expected, old), decibels(expected, now), decibels(old, now)] as const;
  return { name, float32, float16, int8, inFloat: inFloat.length };
}

const short = (value: number) => value.toExponential(1).padStart(8);
const db = (value: number) => (value === Infinity ? 'same' : value.toFixed(1)).padStart(6);
const line = ({ float32, float16, int8, inFloat }: Omit<Found, 'name'>) =>
  [
    ...float32.map(short),
    ' |',
    ...float16.map(short),
    ' |',
    ...(int8?.map(db) ?? []),
    ` | ${inFloat}`,
  ].join('');

/** Of many networks: the largest differences, the fewest decibels. */
function worstOf(all: readonly Found[]): Omit<Found, 'name'> {
  const quantised = all.filter(({ int8 }) => int8 !== null);
  const each = (
    of: (found: Found) => readonly number[],
    pick: (...values: number[]) => number,
    among = all,
  ) =>
    [0, 1, 2].map((i) => pick(...among.map((found) => of(found)[i]!))) as [number, number, number];
  return {
    float32: each(({ float32 }) => float32, Math.max),
    float16: each(({ float16 }) => float16, Math.max),
    int8: quantised.length === 0 ? null : each(({ int8 }) => int8!, Math.min, quantised),
    inFloat: Math.max(...all.map(({ inFloat }) => inFloat)),
  };
}

const what = '2.9, LiteRT, one to the other';
console.log(`float32: ${what} | float16: the same | int8, dB: the same | nodes in float`);
const failed: string[] = [];
for (const name of named.length > 0 ? named : builtInNames) {
  const isFile = name.endsWith('.onnx');
  const all: Found[] = [];
  for (let i = 0; i < (isFile ? 1 : count); i++) {
    try {
      const network = isFile ? networkOfFile(name) : networkOfSpace(name, i);
      const found = await lookAt(network, !isFile, i < quantising);
      all.push(found);
      console.log(`${found.name.padEnd(28)}${line(found)}`);
    } catch (error) {
      failed.push(`${name} ${i}: ${error instanceof Error ? error.message : String(error)}`);
      console.log(failed.at(-1));
    }
  }
  if (all.length > 1)
    console.log(`${`worst of ${all.length}, ${name}`.padEnd(28)}${line(worstOf(all))}`);
}
console.log(`${failed.length} failed`);
process.exit(failed.length > 0 ? 1 : 0);
