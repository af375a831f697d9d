/** Tables of accuracies that ship with the product (main/assets/nats-sss-table/README.md: source and licence). */
import path from 'node:path';
import { WorkbenchError } from '../errors.ts';

const tables: Readonly<Record<string, readonly string[]>> = {
  'nats-sss': ['nats-sss-table', 'test-accuracy-90-epochs.csv'],
};

/** The file for a space. Throws `table-missing` for a space of which no accuracies are known here. */
export function knownAccuracies(space: string, assetsFolder: string): string {
  const known = Object.hasOwn(tables, space) ? tables[space] : undefined;
  if (known) return path.join(assetsFolder, ...known);
  throw new WorkbenchError(
    'table-missing',
    `No accuracies of networks of ${space} ship with the product.`,
    'Give a table of them (--table), or use nats-sss.',
  );
}
