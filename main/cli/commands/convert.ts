import type { Command } from 'commander';
import { askOnce } from '../../child/one-shot.ts';
import { nodeProcesses } from '../../child/node-process.ts';
import { childEntries } from '../../child-entries.ts';
import { convertPrecisions, type ConvertPrecision } from '../../common/converting.ts';
import { rangeMethods, type RangeMethod } from '../../common/quantising.ts';
import type { ConvertProgress, ConvertRequest } from '../../export/convert/convert.ts';
import type { ConvertReport } from '../../export/convert/report.ts';
import { print, type CliEnvironment } from '../environment.ts';
import { oneOf, threads, typedImageSize } from '../options.ts';
import { bar, startTicker } from '../progress.ts';
import { shownInLine } from '../../common/shown.ts';

interface Options {
  readonly precision: ConvertPrecision;
  readonly inputs?: string;
  readonly out: string;
  readonly ranges: RangeMethod;
  readonly percentile: number;
  readonly io: 'float32' | 'int8';
  readonly size?: readonly [number, number];
  readonly threads: number;
  readonly json?: boolean;
}

/** `zico convert MODEL.onnx`: converts a user's model to TensorFlow Lite. */
export function addConvertCommand(program: Command, environment: CliEnvironment): void {
  program
    .command('convert')
    .description(
      'write an ONNX model for TensorFlow Lite, in float or int8, and say how close it is',
    )
    .argument('<model>', 'ONNX model that takes images')
    .option(
      '--precision <kind>',
      'float32, float16 (weights) or int8',
      oneOf(convertPrecisions),
      'float32',
    )
    .option('--inputs <file>', 'images, float32 .npy, N x C x H x W, normalised as in training')
    .requiredOption('--out <file>', 'the .tflite file to write')
    .option(
      '--ranges <method>',
      'int8: min-max, percentile, or least-error (of rounding and clipping together)',
      oneOf(rangeMethods),
      'least-error',
    )
    .option(
      '--percentile <percent>',
      'share of the numbers that lie inside the range',
      Number,
      99.99,
    )
    .option(
      '--io <type>',
      'int8: type of inputs and outputs',
      oneOf(['float32', 'int8'] as const),
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
without an int8 form stay in float and are counted.

Examples:
  zico convert model.onnx --out model.tflite
  zico convert model.onnx --precision int8 --inputs images.npy --out model-int8.tflite`,
    )
    .action(async (model: string, options: Options) => {
      const report = await converted(model, options, environment);
      print(environment, options, report, () => inWords(report));
    });
}

async function converted(
  model: string,
  options: Options,
  { stderr, interrupted, version }: CliEnvironment,
): Promise<ConvertReport> {
  const request: ConvertRequest = {
    ...{ model, out: options.out, precision: options.precision, inputs: options.inputs ?? null },
    ...{ size: options.size ?? null, method: options.ranges, percentile: options.percentile },
    ...{ io: options.io, threads: options.threads, productVersion: version },
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

const decibels = (value: number | null) =>
  value === null ? 'no difference' : `${value.toFixed(1)} dB`;

function inWords(report: ConvertReport): string {
  const { out, bytes, output, why, layers, inFloat, images, seconds } = report;
  const kB = (size: number) => `${(size / 1000).toFixed(0)} kB`;
  const lines = [
    `${out}: ${report.precision}, ${kB(bytes.out)} (the model: ${kB(bytes.model)}), ${seconds.toFixed(1)} s`,
  ];
  if (images.calibrating > 0) lines.push(`Calibrated with ${images.calibrating} images.`);
  if (output) {
    lines.push(
      `On ${images.checking} other images, in TensorFlow Lite: ${decibels(output.sqnrDb)} of signal to noise, ` +
        `largest difference ${output.largestDifference.toPrecision(3)}, ` +
        `first class the same in ${(100 * output.firstClassAgreement).toFixed(1)} %.`,
    );
  } else lines.push(`Not checked: ${why}.`);
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
    const kinds = [...new Set(inFloat.map(({ kind }) => kind))].join(', ');
    lines.push(`${inFloat.length} operators have no int8 form and stay in float: ${kinds}.`);
  }
  return lines.join('\n');
}
