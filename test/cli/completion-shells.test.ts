/** What zsh and fish themselves offer with the scripts of `zico completion`; left out where a shell is not installed. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fakeWorkbench, run } from './fake-workbench.ts';

const installed = (shell: string): boolean => {
  const there = spawnSync(shell, ['--version']).status === 0;
  if (!there) console.log(`left out: ${shell} is not installed (apt-get install ${shell})`);
  return there;
};

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'zico-shells-'));
  for (const shell of ['zsh', 'fish']) {
    const { stdout } = await run(['completion', shell], { services: fakeWorkbench() });
    writeFileSync(path.join(folder, `completion.${shell}`), stdout);
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What is typed, and what has to be offered for its last word: all of it, or at least that. */
const cases: readonly [typed: string, offered: readonly string[], whole: boolean][] = [
  ['zico sea', ['search'], true],
  ['zico ', ['search', 'score', 'runs', 'candidates', 'completion', 'sweep'], false],
  ['zico search --search ', ['guided', 'nsga2', 'random'], true],
  ['zico search --pop', ['--population'], true],
  ['zico search --latency pho', ['phone'], true],
  ['zico score --space nats', ['nats-sss'], true],
  ['zico spaces ch', ['check'], true],
  ['zico completion ', ['bash', 'fish', 'zsh'], false],
];

describe.runIf(installed('fish'))('fish', () => {
  it.each(cases)('offers after "%s" %j', (typed, expected, whole) => {
    const line = `source ${folder}/completion.fish; complete -C '${typed}'`;
    const said = execFileSync('fish', ['--no-config', '-c', line], {
      encoding: 'utf8',
      cwd: folder,
    });
    const offered = said
      .split('\n')
      .filter(Boolean)
      .map((one) => one.split('\t')[0]!);
    if (whole) expect(offered.sort()).toEqual([...expected].sort());
    else expect(offered).toEqual(expect.arrayContaining([...expected]));
  });
});

/** An interactive zsh on a terminal of its own, whose `compadd` prints what it would have offered. */
const capture = `zmodload zsh/zpty || exit 1
zpty z zsh -f -i
zpty -w z "source $1"
zpty -r -m z line $'*ready\\r*' || exit 2
zpty -w -n z "$2"$'\\t'
while zpty -r -m z line '*>>>*'; do
  print -r -- "$line"
  [[ $line == *'<<<done>>>'* ]] && break
done
zpty -d z
`;
const inner = (script: string, dump: string): string => `PROMPT=
autoload -U compinit && compinit -u -d ${dump}
source ${script}
bindkey '^I' complete-word
zstyle ':completion:*' insert-tab false
finished () { print -r -- '<<<done>>>' }
comppostfuncs=( finished )
compadd () {
  local -a hits
  if [[ \${@[1,(i)(-|--)]} == *-(O|A|D)\\ * ]]; then builtin compadd "$@"; return $?; fi
  builtin compadd -A hits "$@"
  local hit
  for hit in $hits; do print -r -- "<<<$hit>>>"; done
}
print ready
`;

describe.runIf(installed('zsh'))('zsh', () => {
  it.each(cases)('offers after "%s" %j', (typed, expected, whole) => {
    const [outside, inside] = ['capture.zsh', 'inner.zsh'].map((name) => path.join(folder, name));
    writeFileSync(outside!, capture);
    writeFileSync(inside!, inner(`${folder}/completion.zsh`, path.join(folder, 'zcompdump')));
    const said = execFileSync('zsh', ['-f', outside!, inside!, typed], {
      ...{ encoding: 'utf8', cwd: folder, timeout: 20_000 },
    });
    const found = [...said.matchAll(/<<<(.*?)>>>/g)].map(([, one]) => one!);
    expect(found.pop()).toBe('done');
    const offered = found.map((one) => one.split(':')[0]!);
    if (whole) expect([...new Set(offered)].sort()).toEqual([...expected].sort());
    else expect(offered).toEqual(expect.arrayContaining([...expected]));
  });
});
