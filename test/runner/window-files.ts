/** Which files of windows' tests run beside which: two displays keep two processors busier than one. */

export interface TestFile {
  readonly name: string;
  readonly bytes: number;
}

export interface WindowFiles {
  /** They say how long something takes, so that nothing may run beside them. */
  readonly timed: readonly string[];
  /** The others in two parts, about as long as each other as far as the size of a file tells. */
  readonly halves: readonly [readonly string[], readonly string[]];
}

const timed: ReadonlySet<string> = new Set([
  'model-graph.e2e.ts',
  'responsive.e2e.ts',
  'run-files.e2e.ts',
  'spaces.e2e.ts',
  'arriving.long.e2e.ts',
  'many-runs.long.e2e.ts',
  // A soak compares the pace of its end with that of its beginning.
  'soak.long.e2e.ts',
]);

/** What the size of a file does not tell, as that of an ordinary file that takes as long. */
const asLongAs: Readonly<Record<string, number>> = {
  'help.e2e.ts': 17_000,
  // Making packages and installing them takes minutes.
  'installed.long.e2e.ts': 18_000,
  'resume.e2e.ts': 21_000,
  'sandboxed.e2e.ts': 7000,
  'saving.e2e.ts': 2200,
  'security.e2e.ts': 1000,
};

export function windowFiles(files: readonly TestFile[]): WindowFiles {
  const halves: [TestFile[], TestFile[]] = [[], []];
  const weight = ({ name, bytes }: TestFile): number => asLongAs[name] ?? bytes;
  const total = (half: readonly TestFile[]): number =>
    half.reduce((sum, one) => sum + weight(one), 0);
  const largestFirst = files
    .filter(({ name }) => !timed.has(name))
    .sort((a, b) => weight(b) - weight(a) || a.name.localeCompare(b.name));
  for (const file of largestFirst) {
    const [first, second] = halves;
    (total(second) < total(first) ? second : first).push(file);
  }
  const names = (half: readonly TestFile[]): readonly string[] => half.map(({ name }) => name);
  return {
    timed: files.map(({ name }) => name).filter((name) => timed.has(name)),
    halves: [names(halves[0]), names(halves[1])],
  };
}
