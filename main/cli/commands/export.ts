import type { Command } from 'commander';
import path from 'node:path';
import { furtherFormats, usualFormats } from '../../common/export-formats.ts';
import type { RangeChoice } from '../../common/quantising.ts';
import { parseFormats, type ExportFormat } from '../../export/formats.ts';
import { assertSearched } from '../../asked/same-networks.ts';
import { print, withServices, type CliEnvironment } from '../environment.ts';
import { badArguments } from '../../asked/bad-arguments.ts';
import { asOption } from '../../asked/called.ts';
import { assertOneNetwork, exportOfRun, type NetworkOfRun } from '../../asked/network-of-run.ts';
import { wholeNumber } from '../options.ts';
import { bar, startTicker } from '../progress.ts';
import {
  addRangeOptions,
  assertPercentileUsed,
  typedRangeOption,
  type RangeOptions,
} from '../range-options.ts';
import type { AskedServices } from '../../asked/services.ts';
import { addSpaceOption, dataAgreementHelp, type SpaceOption } from '../space-option.ts';

interface Options extends SpaceOption, RangeOptions {
  readonly run: string;
  readonly candidate?: number;
  readonly genotype?: string;
  readonly data?: string;
  readonly out: string;
  readonly format: string;
  readonly json?: boolean;
}

/** `zico export`: a chosen candidate as files to work with. */
export function addExportCommand(program: Command, environment: CliEnvironment): void {
  const command = program
    .command('export')
    .description('write a candidate of a run: ONNX, PyTorch, weights, figures, a report')
    .requiredOption('--run <file>', 'run file of a search');
  addRangeOptions(
    addSpaceOption(command, 'refuse a run of another search space')
      .option('--candidate <id>', 'number of the candidate in its run', wholeNumber({ min: 1 }))
      .option(
        '--genotype <network>',
        "a network of the run's space instead: where its search did not try it, it is scored first",
      )
      .option('--data <path>', dataAgreementHelp)
      .requiredOption(
        '--out <folder>',
        'a new or empty folder, or one with an earlier export of the candidate',
      )
      .option(
        '--format <list>',
        `comma-separated: ${usualFormats.join(', ')}, all of these; when named ${furtherFormats.join(', ')}`,
        'all',
      ),
    'int8 formats',
  )
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
onnx         model.onnx: inference form, static shapes, batch 1
pytorch      network.py: the network as PyTorch modules, needs nothing but torch; comes with safetensors
safetensors  weights.safetensors, under the names of the module's state_dict
npz          weights.npz: the same for NumPy
json         architecture.json: the network's figures with their conditions; always written
html         report.html: one page with the front, the bias, the layers and the settings
training     train.py: trains the module on a folder of images; comes with pytorch

Written where they are named, alone or beside all:
tflite          model.tflite: for TensorFlow Lite 2.9 or later and LiteRT, batch 1, channels last, float32
tflite-float16  model-float16.tflite: the same with weights of half precision
tflite-int8     model-int8.tflite: full integer, quantised with the images that the run scored with
onnx-int8       model-int8.onnx: the same for ONNX Runtime, with QuantizeLinear and DequantizeLinear

A network that was scored for an export stays in the run file, beside the candidates: nothing is scored
twice, and the search goes on as if it were not there.

All hold the initial weights that were scored. A README.md says what each file is.

Examples:
  zico export --run runs/a.zico --candidate 17 --out chosen
  zico export --run runs/a.zico --candidate 17 --out chosen --format onnx,pytorch
  zico export --run runs/a.zico --candidate 17 --out chosen --format onnx,tflite-int8,onnx-int8
  zico export --run runs/a.zico --genotype 24:40:16:48:64 --out chosen`,
    )
    .action(async (options: Options, command: Command) => {
      const given = (name: keyof Options) => command.getOptionValueSource(name) === 'cli';
      assertOneNetwork(options, asOption);
      const folder = path.resolve(options.out);
      const formats = parseFormats(options.format);
      assertRangesUsed(formats, given);
      assertPercentileUsed(options.ranges, given('percentile'));
      const ranges = { method: options.ranges, percentile: options.percentile };
      const files = await withServices(environment, async (services) => {
        const run = services.openRunReadOnly(options.run);
        try {
          await assertSearched(run.info(), options.space);
        } finally {
          run.close();
        }
        return exportWithProgress(services, environment, { ...options, folder, formats, ranges });
      });
      const { run, candidate, genotype } = options;
      const named = genotype === undefined ? { candidate } : { genotype };
      const result = { run, ...named, folder, files };
      print(environment, options, result, () => `${folder}: ${files.join(', ')}`);
    });
}

/** Throws `bad-arguments` for options of int8 where no such file is written. */
function assertRangesUsed(
  formats: readonly ExportFormat[],
  given: (name: keyof Options) => boolean,
): void {
  const range = typedRangeOption(given);
  if (range === null || formats.some((format) => format.endsWith('-int8'))) return;
  throw badArguments(
    `${range} is for files in int8, of which --format names none.`,
    'Name tflite-int8 or onnx-int8, or leave it out.',
  );
}

interface Request extends NetworkOfRun {
  readonly folder: string;
  readonly formats: readonly ExportFormat[];
  readonly ranges: RangeChoice;
}

/** Large networks take seconds per file, so a line says which one is being written. */
async function exportWithProgress(
  services: AskedServices,
  { stderr, interrupted }: CliEnvironment,
  { folder, formats, ranges, ...named }: Request,
): Promise<readonly string[]> {
  let now = 'looking for its score';
  const ticker = startTicker(stderr, () => now);
  try {
    return await exportOfRun(services, named, folder, interrupted, {
      ...{ formats, ranges },
      onProgress(file, index, count) {
        now = `${bar(index / count)} ${index}/${count} ${file}`;
        ticker.changed();
      },
    });
  } finally {
    ticker.stop();
  }
}
