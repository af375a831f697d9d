/**
 * Shell completion: for each shell a script that holds all commands, options and values, generated from the
 * commands themselves, so that no process is started while a person types.
 */
import { quoted } from './shell-words.ts';
import type { Argument, Command, Option } from 'commander';
import { builtInNames as spaceNames } from '../space/index.ts';
import { choicesOf } from './options.ts';

export const shells = ['bash', 'zsh', 'fish'] as const;
export type CompletedShell = (typeof shells)[number];

interface Word {
  readonly flag: string;
  readonly about: string;
  /** What may follow the option: nothing, one of a few words, or a path. */
  readonly value: null | 'path' | readonly string[];
}

interface Described {
  readonly name: string;
  readonly about: string;
  readonly options: readonly Word[];
  /** Names of its subcommands. */
  readonly below: readonly string[];
  readonly choices: readonly string[];
}

export function completionScript(program: Command, shell: CompletedShell): string {
  const commands = described(program);
  return { bash, zsh, fish }[shell](commands);
}

function described(program: Command): Described[] {
  return program.commands.map((command) => ({
    name: command.name(),
    about: command.description(),
    options: [...command.options.map(wordOf), { flag: '--help', about: 'show help', value: null }],
    below: command.commands.map((below) => below.name()),
    choices: command.registeredArguments.flatMap(choicesOfArgument),
  }));
}

function wordOf(option: Option): Word {
  const { long, short, description, required, optional } = option;
  const takes = required || optional;
  const named = choicesOf(option.parseArg);
  const value = !takes ? null : long === '--space' ? spaceNames : (named ?? 'path');
  return { flag: long ?? short ?? '', about: description, value };
}

function choicesOfArgument(argument: Argument): readonly string[] {
  return argument.name() === 'shell'
    ? shells
    : argument.name() === 'space'
      ? spaceNames
      : (argument.argChoices ?? []);
}

/** One line, without characters that have a meaning in the shells' completion formats. */
const plain = (text: string): string =>
  text
    .replace(/\s+/g, ' ')
    .replace(/[[\]:'"`$\\]/g, '')
    .slice(0, 90);

function bash(commands: readonly Described[]): string {
  const cases = commands.map(({ name, options, below, choices }) => {
    const values = options
      .filter(({ value }) => value !== null && value !== 'path')
      .map(({ flag, value }) => {
        const words = quoted((value as readonly string[]).join(' '));
        return `        ${flag}) COMPREPLY=($(compgen -W ${words} -- "$word")); return;;`;
      });
    const paths = options.filter(({ value }) => value === 'path').map(({ flag }) => flag);
    const words = [...options.map(({ flag }) => flag), ...below, ...choices];
    return [
      `    ${name})`,
      ...(values.length + paths.length === 0
        ? []
        : [
            '      case "$before" in',
            ...values,
            ...(paths.length === 0 ? [] : [`        ${paths.join('|')}) return;;`]),
            '      esac',
          ]),
      `      words=${quoted(words.join(' '))};;`,
    ].join('\n');
  });
  return `# bash completion of zico
_zico() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" words=''
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W ${quoted([...commands.map(({ name }) => name), 'help', '--help', '--version'].join(' '))} -- "$word"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
    help) words=${quoted(commands.map(({ name }) => name).join(' '))};;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -F _zico zico
`;
}

function zsh(commands: readonly Described[]): string {
  const cases = commands.map(({ name, options, below, choices }) => {
    const specs = options.map(({ flag, about, value }) => {
      const after =
        value === null ? '' : value === 'path' ? ':value:_files' : `:value:(${value.join(' ')})`;
      return `        ${quoted(`${flag}[${plain(about)}]${after}`)}`;
    });
    const words = [...below, ...choices];
    const rest = words.length === 0 ? '*:file:_files' : `*:what:(${words.join(' ')})`;
    return `    ${name})\n      _arguments \\\n${[...specs, `        ${quoted(rest)}`].join(' \\\n')};;`;
  });
  const names = commands.map(({ name, about }) => `    ${quoted(`${name}:${plain(about)}`)}`);
  return `#compdef zico
_zico() {
  local -a commands
  commands=(
${names.join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command="\${words[2]}"
  shift words
  (( CURRENT -= 1 ))
  case "$command" in
${cases.join('\n')}
    help) _describe command commands;;
  esac
}
compdef _zico zico
`;
}

function fish(commands: readonly Described[]): string {
  const first = '__fish_use_subcommand';
  return [
    '# fish completion of zico',
    ...commands.map(
      ({ name, about }) => `complete -c zico -n ${first} -f -a ${name} -d ${quoted(plain(about))}`,
    ),
    ...commands.flatMap(({ name, options, below, choices }) => {
      const within = `-n '__fish_seen_subcommand_from ${name}'`;
      const words = [...below, ...choices];
      return [
        ...(words.length === 0
          ? []
          : [`complete -c zico ${within} -f -a ${quoted(words.join(' '))}`]),
        ...options.map(({ flag, about, value }) => {
          const after =
            value === null ? '' : value === 'path' ? ' -r -F' : ` -x -a ${quoted(value.join(' '))}`;
          return `complete -c zico ${within} -l ${flag.replace(/^--?/, '')} -d ${quoted(plain(about))}${after}`;
        }),
      ];
    }),
    '',
  ].join('\n');
}
