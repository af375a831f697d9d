import { InvalidArgumentError, type Command } from 'commander';
import { completionScript, shells, type CompletedShell } from '../completion.ts';
import type { CliEnvironment } from '../environment.ts';
import { listed } from '../options.ts';

/** `zico completion SHELL`: a script that a shell loads to complete commands, options and values. */
export function addCompletionCommand(program: Command, environment: CliEnvironment): void {
  program
    .command('completion')
    .description('print a script that completes commands, options and values in a shell')
    .argument('<shell>', `${shells.join(', ')}`, (text): CompletedShell => {
      const shell = shells.find((one) => one === text);
      if (shell !== undefined) return shell;
      throw new InvalidArgumentError(`It must be ${listed(shells)}.`);
    })
    .addHelpText(
      'after',
      `
Use it once in the current shell, or put it into the file that the shell reads when it starts:
  source <(zico completion bash)             ~/.bashrc
  source <(zico completion zsh)              ~/.zshrc, after compinit
  zico completion fish | source              ~/.config/fish/config.fish`,
    )
    .action((shell: CompletedShell) => environment.stdout(completionScript(program, shell)));
}
