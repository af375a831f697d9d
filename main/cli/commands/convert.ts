import type { Command } from 'commander';
import path from 'node:path';
import { askOnce } from '../../child/one-shot.ts';
import { nodeProcesses } from '../../child/node-process.ts';
import { childEntries } from '../../child-entries.ts';
import {
  convertTargets,
  fileTypes,
  staysInFloat,
  storedInWords,
  unvaryingValues,
  type ConvertTarget,
  type FileType,
} from '../../common/converting.ts';
import { deployedPrecisions, type DeployedPrecision } from '../../common/precisions.ts';
import type { ConvertProgress, ConvertRequest } from '../../export/convert/request.ts';
import type { ConvertReport } from '../../export/convert/report.ts';
import { badArguments } from '../../asked/bad-arguments.ts';
import { plural } from '../../common/figures.ts';
import { print, type CliEnvironment } from '../environment.ts';
import { oneOf, threads, typedImageSize, wholeNumber } from '../options.ts';
import { bar, startTicker } from '../progress.ts';
import {
  addRangeOptions,
  assertPercentileUsed,
  typedRangeOption,
  type RangeOptions,
} from '../range-options.ts';
import { shownInLine } from '../../common/shown.ts';

interface Options extends RangeOptions {
  readonly to?: ConvertTarget;
  readonly precision: DeployedPrecision;
  readonly inputs?: string;
  /** True where it was named without a path. */
  readonly data?: string | true;
  readonly kind?: string;
  readonly images: number;
  readonly seed: number;
  readonly out: string;
  readonly io: FileType;
  readonly size?: readonly [number, number];
  readonly threads: number;
  readonly json?: boolean;
}

/** `zico convert MODEL.onnx`: a model of the user's for TensorFlow Lite, or in int8 for ONNX Runtime. */
export function addConvertCommand(program: Command, environment: CliEnvironment): void {
  addRangeOptions(
    program
      .command('convert')
      .description(
        'write an ONNX model for TensorFlow Lite or ONNX Runtime, in float or int8, and say how close it is',
      )
      .argument('<model>', 'ONNX model that takes images')
      .option(
        '--to <format>',
        'tflite or onnx (default: what the name of the file ends in, else tflite)',
        oneOf(convertTargets),
      )
      .option(
        '--precision <kind>',
        'float32, float16 (weights) or int8',
        oneOf(deployedPrecisions),
        'float32',
      )
      .option(
        '--data [path]',
        'images that calibrate and check: a file or folder; without a path those shipped with zico',
      )
      .option('--kind <kind>', 'read --data as this kind of data (default: detected)')
      .option('--images <n>', 'of --data: how many are drawn', wholeNumber({ min: 2 }), 64)
      .option('--seed <n>', 'of --data: seed by which they are drawn', wholeNumber({ min: 0 }), 1)
      .option(
        '--inputs <file>',
        'instead of --data: images as float32 .npy, N x C x H x W, normalised as in training',
      )
      .requiredOption('--out <file>', 'the file to write'),
    'int8',
  )
    .option(
      '--io <type>',
      'int8 for TensorFlow Lite: what the file takes and gives',
      oneOf(fileTypes),
      'float32',
    )
    .option('--size <pixels>', 'height and width where the model leaves them open', typedImageSize)
    .option('--threads <n>', 'threads while calibrating', threads, 1)
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
int8 is full integer: weights with a scale per channel, values with a scale and a zero point. Ranges come from
three quarters of the images; the last quarter says how close the file is to the float network. Operators
without an int8 form, or whose int8 scale would be too coarse, stay in float and are counted. For ONNX Runtime,
int8 is written with QuantizeLinear and DequantizeLinear, which its CPU, XNNPACK, NNAPI and QNN providers turn into operators of integers. On x64
processors without VNNI, onnxruntime's sums of such networks saturate unless the session is opened with
session.x64quantprecision = 1, as it is here.

Images of --data are normalised as those of "zico score" are; where the network was trained with others, give
them as an array with --inputs.

Examples:
  zico convert model.onnx --out model.tflite
  zico convert model.onnx --precision int8 --data photos/ --out model-int8.tflite
  zico convert model.onnx --precision int8 --inputs images.npy --ranges percentile --out model-int8.tflite
  zico convert model.onnx --precision int8 --inputs images.npy --out model-int8.onnx`,
    )
    .action(async (model: string, options: Options, command: Command) => {
      assertUsed(options, (name) => command.getOptionValueSource(name) === 'cli');
      const report = await converted(model, options, environment);
      print(environment, options, report, () => inWords(report));
    });
}

async function converted(
  model: string,
  options: Options,
  { stderr, interrupted, version, assetsFolder }: CliEnvironment,
): Promise<ConvertReport> {
  const { out, precision, size = null, percentile, io, threads, images, seed } = options;
  const request: ConvertRequest = {
    ...{ model, out, precision, size, percentile, io, threads, images, seed, assetsFolder },
    ...{ target: targetOf(options), method: options.ranges, productVersion: version },
    ...imagesOf(options),
  };
  let line = 'reading';
  const ticker = startTicker(stderr, () => line);
  try {
    const child = { processes: nodeProcesses, entry: childEntries.convert, name: 'convert' };
    const onProgress = ({ doing, share }: ConvertProgress) => {
      line = `${bar(share)} ${doing}`;
      ticker.changed();
    };
    return await askOnce<ConvertReport, ConvertProgress>(child, request, onProgress, interrupted);
  } finally {
    ticker.stop();
  }
}

/** Throws `bad-arguments` where the name of the file says another thing. */
function targetOf({ to, out, io, precision }: Options): ConvertTarget {
  const ending = convertTargets.find((target) => path.extname(out).toLowerCase() === `.${target}`);
  const target = to ?? ending ?? 'tflite';
  if (ending !== undefined && ending !== target) {
    throw badArguments(
      `${out} ends like a file of ${ending}, and --to is ${target}.`,
      `Name a file that ends in .${target}, or leave --to out.`,
    );
  }
  if (io === 'int8' && (target === 'onnx' || precision !== 'int8')) {
    throw badArguments(
      '--io int8 is for int8 files of TensorFlow Lite.',
      'Leave it out, or convert with --to tflite --precision int8.',
    );
  }
  return target;
}

/**
 * Throws `bad-arguments` for options that would do nothing.
 * @param given whether an option was typed
 */
function assertUsed(
  { precision, ranges, data, inputs }: Options,
  given: (name: keyof Options) => boolean,
): void {
  if (given('kind') && typeof data !== 'string') {
    throw badArguments(
      '--kind says what --data is, which names no path here.',
      'Give --data a path, or leave --kind out.',
    );
  }
  const drawn = given('images') ? '--images' : given('seed') ? '--seed' : null;
  if (drawn !== null && data === undefined) {
    throw badArguments(
      `${drawn} is for images that are drawn from --data${inputs === undefined ? '' : '; of --inputs all are taken'}.`,
      `Give --data, or leave ${drawn} out.`,
    );
  }
  const range = typedRangeOption(given);
  if (range !== null && precision !== 'int8') {
    throw badArguments(
      `${range} is for the ranges of int8, and ${precision} has none.`,
      `Convert with --precision int8, or leave ${range} out.`,
    );
  }
  assertPercentileUsed(ranges, given('percentile'));
}

/** Throws `bad-arguments` where images are named twice. */
function imagesOf({ inputs, data, kind }: Options): Pick<ConvertRequest, 'inputs' | 'data'> {
  if (inputs !== undefined && data !== undefined) {
    throw badArguments(
      'Images are named twice: by --inputs and by --data.',
      'Leave one of them out.',
    );
  }
  if (data === undefined) return { inputs: inputs ?? null, data: null };
  return { inputs: null, data: { path: data === true ? null : data, kind: kind ?? null } };
}

const decibels = (value: number | null) =>
  value === null ? 'no difference' : `${value.toFixed(1)} dB`;

function inWords(report: ConvertReport): string {
  const { out, bytes, output, why, layers, inFloat, images, seconds } = report;
  const kB = (size: number) => `${(size / 1000).toFixed(0)} kB`;
  const lines = [
    `${out}: ${report.precision}, ${kB(bytes.out)} (the model: ${kB(bytes.model)}), ${seconds.toFixed(1)} s`,
  ];
  if (report.storedAs !== null) lines.push(storedInWords(report.storedAs));
  if (images.calibrating > 0)
    lines.push(`Calibrated with ${plural(images.calibrating, 'image', 'images')}.`);
  if (output) {
    const where = report.target === 'onnx' ? 'ONNX Runtime' : 'TensorFlow Lite';
    lines.push(
      `On ${plural(images.checking, 'other image', 'other images')}, in ${where}: ${decibels(output.sqnrDb)} of signal to noise, ` +
        `largest difference ${output.largestDifference.toPrecision(3)}, ` +
        `first class the same in ${(100 * output.firstClassAgreement).toFixed(1)} %.`,
    );
  } else
    lines.push(
      `Not checked: ${why}.${images.checking > 0 ? '' : images.calibrating > 0 ? ' Two images or more would be.' : ' Add --data to have it compared with the model.'}`,
    );
  const worst = layers
    .filter(({ sqnrDb }) => sqnrDb !== null)
    .toSorted((a, b) => a.sqnrDb! - b.sqnrDb!)
    .slice(0, 5);
  if (worst.length > 0) {
    lines.push('Layers with most noise:');
    for (const { layer, sqnrDb } of worst)
      lines.push(`  ${shownInLine(layer)}: ${decibels(sqnrDb)}`);
  }
  if (inFloat.length > 0) {
    const counts = new Map<string, number>();
    for (const { kind } of inFloat) counts.set(kind, (counts.get(kind) ?? 0) + 1);
    lines.push(staysInFloat([...counts].map(([kind, count]) => `${kind} (${count})`)));
  }
  if (report.unvarying.length > 0) {
    lines.push(`Warning: ${unvaryingValues(report.unvarying.map(shownInLine))}`);
  }
  return lines.join('\n');
}
