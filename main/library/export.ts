/** Networks of runs as files. */
import path from 'node:path';
import { asKey } from '../asked/called.ts';
import { assertOneNetwork, exportOfRun } from '../asked/network-of-run.ts';
import { usualFormats, type ExportFormat } from '../common/export-formats.ts';
import type { RangeChoice } from '../common/quantising.ts';
import { parseFormats } from '../export/formats.ts';
import { inSession } from './session.ts';

export interface ExportOptions {
  /** Id of a candidate of the run; give either this or `genotype`. */
  readonly candidate?: number;
  /** A network of the run's space, which is scored first if the search did not try it. */
  readonly genotype?: string;
  /** With `genotype` or int8 formats: agrees that the images of a run from elsewhere are read from this path, which it names. */
  readonly data?: string;
  /** A new or empty folder. */
  readonly out: string;
  /** The usual formats by default. */
  readonly formats?: readonly ExportFormat[];
  /** How int8 formats get their ranges from the images of the run; by least error by default. */
  readonly ranges?: RangeChoice;
  readonly signal?: AbortSignal;
}

export interface Exported {
  /** Absolute path. */
  readonly folder: string;
  readonly files: readonly string[];
}

/** Exports a network of a run into a folder. Rejects with a WorkbenchError. */
export function exportNetwork(run: string, options: ExportOptions): Promise<Exported> {
  const { candidate, genotype, data, out, formats = usualFormats, ranges, signal } = options;
  return inSession(signal, async (workbench, halted) => {
    assertOneNetwork({ candidate, genotype }, asKey);
    const folder = path.resolve(out);
    const named = { run, candidate, genotype, data };
    const wanted = { formats: parseFormats(formats.join(',')), ranges };
    return { folder, files: await exportOfRun(workbench, named, folder, halted, wanted) };
  });
}
