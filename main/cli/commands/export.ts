import type { Command } from 'commander';
import path from 'node:path';
import { exportFormats } from '../../common/export-formats.ts';
import { parseFormats, type ExportFormat } from '../../export/formats.ts';
import type { CandidateId } from '../../search/candidate.ts';
import { print, withServices, type CliEnvironment } from '../environment.ts';
import { wholeNumber } from '../options.ts';
import { bar, startTicker } from '../progress.ts';
import type { CliServices } from '../services.ts';
import { addSpaceOption, assertSearched, type SpaceOption } from '../space-option.ts';

interface Options extends SpaceOption {
  readonly run: string;
  readonly candidate: number;
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
  addSpaceOption(command, 'refuse a run of another search space')
    .requiredOption(
      '--candidate <id>',
      'number of the candidate in its run',
      wholeNumber({ min: 1 }),
    )
    .requiredOption('--out <folder>', 'a new or empty folder')
    .option('--format <list>', `comma-separated: ${exportFormats.join(', ')}; or all`, 'all')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
onnx         model.onnx: inference form, static shapes, batch 1
pytorch      network.py: the network as PyTorch modules, needs nothing but torch; comes with safetensors
safetensors  weights.safetensors, under the names of the module's state_dict
npz          weights.npz: the same for NumPy
json         architecture.json: the network's figures with their conditions; always there
html         report.html: one page with the front, the bias, the layers and the settings

All hold the initial weights that were scored. A README.md says what lies there.

Example:
  zico export --run runs/a.zico --candidate 17 --out chosen
  zico export --run runs/a.zico --candidate 17 --out chosen --format onnx,pytorch`,
    )
    .action(async (options: Options) => {
      const folder = path.resolve(options.out);
      const formats = parseFormats(options.format);
      const files = await withServices(environment, async (services) => {
        const run = services.openRunReadOnly(options.run);
        try {
          await assertSearched(run.info(), options);
        } finally {
          run.close();
        }
        return exportWithProgress(services, environment, { ...options, folder, formats });
      });
      const result = { run: options.run, candidate: options.candidate, folder, files };
      print(environment, options, result, () => `${folder}: ${files.join(', ')}`);
    });
}

interface Request {
  readonly run: string;
  readonly candidate: number;
  readonly folder: string;
  readonly formats: readonly ExportFormat[];
}

/** Large networks take seconds a file: a line says which one is being made. */
async function exportWithProgress(
  services: CliServices,
  { stderr }: CliEnvironment,
  { run, candidate, folder, formats }: Request,
): Promise<readonly string[]> {
  let now = '';
  const ticker = startTicker(stderr, () => now);
  try {
    return await services.exportCandidate(run, candidate as CandidateId, folder, {
      formats,
      onProgress(file, index, count) {
        now = `${bar(index / count)} ${index}/${count} ${file}`;
        ticker.changed();
      },
    });
  } finally {
    ticker.stop();
  }
}
