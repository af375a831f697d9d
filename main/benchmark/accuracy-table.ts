/** Tables of known accuracies: CSV with a header, one network a line. */
import { setImmediate as breathe } from 'node:timers/promises';
import { WorkbenchError } from '../errors.ts';
import { readInputFile } from '../files.ts';
import type { Genotype, Space } from '../space/space.ts';

export interface AccuracyTable {
  /** Names of the accuracy columns, as in the header: those that end in `_acc`. */
  readonly columns: readonly string[];
  /** In the order of the file, each network once. `accuracies` runs along `columns`, in %. */
  readonly rows: readonly { readonly genotype: Genotype; readonly accuracies: readonly number[] }[];
}

const genotypeColumn = 'arch';
const layout =
  'The first line names the columns: "arch" (genotype) and one or more that end in "_acc" (accuracy in %), such as cifar10_test_acc.';

/** Throws `file-not-found`, `file-not-readable`, `table-malformed` (naming the line). */
export async function readAccuracyTable(file: string, space: Space): Promise<AccuracyTable> {
  const text = new TextDecoder().decode(await readInputFile(file));
  const reading = rowsOf(text, space, file);
  for (;;) {
    const step = reading.next();
    if (step.done) return step.value;
    await breathe(); // tens of thousands of lines would block the window
  }
}

/** How many lines are read before others get their turn. */
const stretch = 500;

function* rowsOf(text: string, space: Space, name: string): Generator<void, AccuracyTable> {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const header = (lines[0] ?? '').split(',').map((cell) => cell.trim());
  const genotypeAt = header.indexOf(genotypeColumn);
  const columns = header.filter((column) => column.endsWith('_acc'));
  if (genotypeAt < 0 || columns.length === 0) {
    throw malformed(name, 1, `it lacks the column ${genotypeAt < 0 ? '"arch"' : 'of an accuracy'}`);
  }
  const accuracyAt = columns.map((column) => header.indexOf(column));

  const rows: { genotype: Genotype; accuracies: number[] }[] = [];
  const seen = new Set<Genotype>();
  for (const [i, line] of lines.entries()) {
    if (i % stretch === stretch - 1) yield;
    if (i === 0 || line.trim() === '') continue;
    const number = i + 1;
    const cells = line.split(',');
    if (cells.length !== header.length) {
      throw malformed(name, number, `it has ${cells.length} cells, the header ${header.length}`);
    }
    const genotype = parseGenotype(space, cells[genotypeAt]!, name, number);
    if (seen.has(genotype)) throw malformed(name, number, `${genotype} occurs twice`);
    seen.add(genotype);
    const accuracies = accuracyAt.map((at) => {
      const cell = cells[at]!.trim();
      const accuracy = Number(cell);
      if (cell === '' || !Number.isFinite(accuracy)) {
        throw malformed(name, number, `"${cell}" is not an accuracy`);
      }
      return accuracy;
    });
    rows.push({ genotype, accuracies });
  }
  return { columns, rows };
}

function parseGenotype(space: Space, cell: string, name: string, line: number): Genotype {
  try {
    return space.parse(cell);
  } catch (cause) {
    throw malformed(name, line, cause instanceof Error ? cause.message : String(cause), cause);
  }
}

function malformed(name: string, line: number, what: string, cause?: unknown): WorkbenchError {
  const sentence = what.endsWith('.') ? what : `${what}.`;
  return new WorkbenchError('table-malformed', `${name}, line ${line}: ${sentence}`, layout, {
    cause,
  });
}
