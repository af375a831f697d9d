import type { Command } from 'commander';
import { readableOperators } from '../../graph/onnx/expansions.ts';
import { print, type CliEnvironment } from '../environment.ts';

/** `zico operators`: the operators that a scored network may contain. */
export function addOperatorsCommand(program: Command, environment: CliEnvironment): void {
  program
    .command('operators')
    .description('list the ONNX operators that scored networks may consist of')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExamples:\n  zico operators\n  zico operators --json')
    .action((options: { readonly json?: boolean }) => {
      const operators = readableOperators();
      print(environment, options, { operators }, () => operators.join('\n'));
    });
}
