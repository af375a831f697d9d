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
]);

export function windowFiles(files: readonly TestFile[]): WindowFiles {
  const halves: [TestFile[], TestFile[]] = [[], []];
  const bytes = (half: readonly TestFile[]): number =>
    half.reduce((sum, one) => sum + one.bytes, 0);
  const largestFirst = files
    .filter(({ name }) => !timed.has(name))
    .sort((a, b) => b.bytes - a.bytes || a.name.localeCompare(b.name));
  for (const file of largestFirst) {
    const [first, second] = halves;
    (bytes(second) < bytes(first) ? second : first).push(file);
  }
  const names = (half: readonly TestFile[]): readonly string[] => half.map(({ name }) => name);
  return {
    timed: files.map(({ name }) => name).filter((name) => timed.has(name)),
    halves: [names(halves[0]), names(halves[1])],
  };
}
