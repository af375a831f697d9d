/** Tables of known accuracies: CSV with a header, one network a line. */
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
  return parseAccuracyTable(new TextDecoder().decode(await readInputFile(file)), space, file);
}

/** `name` is what errors call the table. Throws `table-malformed`. */
export function parseAccuracyTable(text: string, space: Space, name: string): AccuracyTable {
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
  lines.slice(1).forEach((line, i) => {
    if (line.trim() === '') return;
    const number = i + 2;
    const cells = line.split(',');
    if (cells.length !== header.length) {
      throw malformed(name, number, `it has ${cells.length} cells, the header ${header.length}`);
    }
    const genotype = parseGenotype(space, cells[genotypeAt], name, number);
    if (seen.has(genotype)) throw malformed(name, number, `${genotype} occurs twice`);
    seen.add(genotype);
    const accuracies = accuracyAt.map((at) => {
      const cell = cells[at].trim();
      const accuracy = Number(cell);
      if (cell === '' || !Number.isFinite(accuracy)) {
        throw malformed(name, number, `"${cell}" is no accuracy`);
      }
      return accuracy;
    });
    rows.push({ genotype, accuracies });
  });
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
