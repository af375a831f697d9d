/** Requests for help, as commander takes them: it looks no further than the first word behind `help`. */
import type { Command } from 'commander';

/**
 * The arguments, with `help farm demo` written as `farm demo --help`, and cut off after a word that is no command:
 * commander answers `serch --help` with the help of the whole program, and without `--help` with what was meant.
 */
export function withHelpSpelledOut(program: Command, args: readonly string[]): readonly string[] {
  const asked = args[0] === 'help' && args.length > 1 ? [...args.slice(1), '--help'] : args;
  let command = program;
  for (const [i, word] of asked.entries()) {
    if (word.startsWith('-') || word === 'help') return asked;
    const next = command.commands.find((known) => known.name() === word);
    if (next === undefined)
      return isGroup(command) ? [...asked.slice(0, i + 1), ...json(args)] : asked;
    command = next;
  }
  return asked;
}

const isGroup = (command: Command): boolean =>
  command.commands.length > 0 && command.registeredArguments.length === 0;

const json = (args: readonly string[]) => args.filter((word) => word === '--json');
