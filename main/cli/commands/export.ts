import type { Command } from 'commander';
import path from 'node:path';
import type { CandidateId } from '../../search/candidate.ts';
import { print, withServices, type CliEnvironment } from '../environment.ts';
import { wholeNumber } from '../options.ts';

interface Options {
  readonly run: string;
  readonly candidate: number;
  readonly out: string;
  readonly json?: boolean;
}

/** `zico export`: a chosen candidate as files to work with. */
export function addExportCommand(program: Command, environment: CliEnvironment): void {
  program
    .command('export')
    .description('write a candidate of a run as model.onnx and architecture.json')
    .requiredOption('--run <file>', 'run file of a search')
    .requiredOption(
      '--candidate <id>',
      'number of the candidate in its run',
      wholeNumber({ min: 1 }),
    )
    .requiredOption('--out <folder>', 'a new or empty folder')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
The model is in inference form, with static shapes, batch 1 and the initial weights that were scored.

Example:
  zico export --run runs/a.zico --candidate 17 --out chosen`,
    )
    .action(async (options: Options) => {
      const folder = path.resolve(options.out);
      const files = await withServices(environment, (services) =>
        services.exportCandidate(options.run, options.candidate as CandidateId, folder),
      );
      const result = { run: options.run, candidate: options.candidate, folder, files };
      print(environment, options, result, () => `${folder}: ${files.join(', ')}`);
    });
}
