/** Runs one command line from its arguments to an exit code. */
import { Command, CommanderError, Help, type Option } from 'commander';
import { withHelpSpelledOut } from './asked-help.ts';
import { addAnalyseCommand } from './commands/analyse.ts';
import { addAttachCommand } from './commands/attach.ts';
import { addBenchmarkCommand } from './commands/benchmark.ts';
import { addBuildCommand } from './commands/build.ts';
import { addCandidatesCommand } from './commands/candidates.ts';
import { addCompletionCommand } from './commands/completion.ts';
import { addConvertCommand } from './commands/convert.ts';
import { addDataCommand } from './commands/data.ts';
import { addDetachCommand } from './commands/detach.ts';
import { addExportCommand } from './commands/export.ts';
import { addFarmCommand } from './commands/farm.ts';
import { addMeasureCommand } from './commands/measure.ts';
import { addOperatorsCommand } from './commands/operators.ts';
import { addPhonesCommand } from './commands/phones.ts';
import { addRunsCommand } from './commands/runs.ts';
import { addSampleCommand } from './commands/sample.ts';
import { addScoreCommand } from './commands/score.ts';
import { addSearchCommand } from './commands/search.ts';
import { addSpacesCommand } from './commands/spaces.ts';
import { addSweepCommand } from './commands/sweep.ts';
import { addWorkerCommand } from './commands/worker.ts';
import type { CliEnvironment } from './environment.ts';
import {
  commandReport,
  exitCodeOf,
  exitCodes,
  exitCodesInWords,
  ProblemsFound,
  StoppedAsAsked,
} from './errors.ts';
import { shown, shownInLine } from '../common/shown.ts';

/**
 * @param args what follows the program's name
 * @returns the exit code (`exitCodes`).
 *   With --json the error is `{"error": {code, message, hint}}` on standard output, else text on stderr.
 */
export async function runCli(
  args: readonly string[],
  environment: CliEnvironment,
): Promise<number> {
  const { stdout, stderr, interrupted } = environment;
  const json = args.includes('--json');
  // Commander writes the help that it shows for a missing command where errors go.
  let written = '';
  const program = createProgram(environment, (text) => (written += text));
  try {
    await program.parseAsync(withHelpSpelledOut(program, args), { from: 'user' });
    return interrupted.aborted ? exitCodes.interrupted : exitCodes.success;
  } catch (error) {
    if (error instanceof StoppedAsAsked) return exitCodes.success;
    if (error instanceof ProblemsFound) return exitCodes.problems;
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.success; // help, version
    if (error instanceof CommanderError && error.code === 'commander.help' && !json) {
      stderr.write(written);
      return exitCodes.badInput;
    }
    const report = interrupted.aborted ? interruption : commandReport(error);
    if (json) stdout(`${JSON.stringify({ error: report }, null, 2)}\n`);
    else stderr.write(`zico: ${shownInLine(report.message)}\n${shownInLine(report.hint)}\n`);
    if (report.code === 'internal' && error instanceof Error)
      stderr.write(`${shown(error.stack ?? '')}\n`);
    return interrupted.aborted ? exitCodes.interrupted : exitCodeOf(report);
  }
}

const interruption = {
  code: 'interrupted',
  message: 'Interrupted before the end.',
  hint: 'Start the command again.',
};

/** What an option takes where it stands alone is in its own words, so commander need not add it. */
function describedOnce(option: Option): string {
  const alone = { value: undefined, enumerable: true };
  return new Help().optionDescription(Object.create(option, { presetArg: alone }) as Option);
}

function createProgram(environment: CliEnvironment, writeError: (text: string) => void): Command {
  const program = new Command('zico')
    .description(
      'Finds vision networks for a phone without training any of them: scores (ZiCo-BC), searches, measures, exports.',
    )
    .version(environment.version, '--version', 'show the version')
    .helpOption('-h, --help', 'show help')
    .configureHelp({ optionDescription: describedOnce })
    .exitOverride()
    .configureOutput({ writeOut: environment.stdout, writeErr: writeError })
    .showSuggestionAfterError()
    .addHelpText(
      'after',
      `
Every command takes --json: its result, or {"error": {"code", "message", "hint"}}, then goes to standard
output as JSON and nothing else does. Exit codes: ${exitCodesInWords()}.

Examples:
  zico search                                   search with the images and settings that ship with it
  zico search --latency macs --seed 7 --run a.zico
  zico search --run a.zico --resume             go on after Ctrl-C or a crash
  zico analyse a.zico                           what the bias correction makes of its front
  zico export --run a.zico --candidate 17 --out chosen/
  zico score model.onnx --inputs x.npy --targets y.npy`,
    );
  addSearchCommand(program, environment);
  addSweepCommand(program, environment);
  addAnalyseCommand(program, environment);
  addCandidatesCommand(program, environment);
  addRunsCommand(program, environment);
  addExportCommand(program, environment);
  addAttachCommand(program, environment);
  addDetachCommand(program, environment);
  addScoreCommand(program, environment);
  addMeasureCommand(program, environment);
  addConvertCommand(program, environment);
  addOperatorsCommand(program, environment);
  addBenchmarkCommand(program, environment);
  addSpacesCommand(program, environment);
  addDataCommand(program, environment);
  addPhonesCommand(program, environment);
  addWorkerCommand(program, environment);
  addFarmCommand(program, environment);
  addSampleCommand(program, environment);
  addBuildCommand(program, environment);
  addCompletionCommand(program, environment);
  return program;
}
