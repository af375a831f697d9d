/** Networks of runs as files: one, one that is no candidate, or several candidates at once. */
import { join, parse } from 'node:path';
import { isCalibrated } from '../common/export-formats.ts';
import type { RangeChoice } from '../common/quantising.ts';
import { reportOf, WorkbenchError, type ErrorReport } from '../errors.ts';
import type { ExportFormat } from '../export/formats.ts';
import type { ExportProgress } from '../export/in-child.ts';
import type { LookName, LookRequest, LookResult } from './reading/look-types.ts';
import { throughRename, type RunFiles } from './run-files.ts';
import type { Searches } from './searches.ts';
import type { Services } from './services.ts';

export interface ExportsOptions {
  readonly services: Pick<Services, 'exportCandidate'>;
  readonly files: RunFiles;
  readonly searches: Pick<Searches, 'agreed'>;
  readonly look: <N extends LookName>(
    name: N,
    run: string,
    request: LookRequest<N>,
  ) => Promise<LookResult<N>>;
  /** Which file of an export is being made. */
  readonly progress: (progress: ExportOf) => void;
}

export interface ExportOf extends ExportProgress {
  readonly run: string;
  readonly id: number;
  /** Of several: which it is, and how many there are. */
  readonly several?: { readonly at: number; readonly of: number };
}

export interface ExportedFiles {
  readonly folder: string;
  readonly files: string[];
}

/** How a network is written. */
export interface WantedExport {
  readonly formats: readonly ExportFormat[];
  readonly ranges: RangeChoice;
}

export interface SeveralExported {
  readonly folder: string;
  /** Candidates that were written, each into a folder of its own. */
  readonly ids: number[];
  readonly failed: { readonly id: number; readonly error: ErrorReport }[];
  readonly cancelled: boolean;
}

/** The name of its run changes with that of the file. */
interface Going {
  run: string;
  cancelled: boolean;
}

export class Exports {
  readonly #options: ExportsOptions;
  /** What is being written. */
  readonly #going = new Set<Going>();
  /** Run -> folder of its latest export. */
  readonly #folders = new Map<string, string>();

  constructor(options: ExportsOptions) {
    this.#options = options;
  }

  /**
   * Into the folder, or into a new one inside it if it is not empty: nothing of the person's is ever
   * overwritten, and nobody should have to create a folder first.
   */
  candidate(run: string, id: number, folder: string, wanted: WantedExport): Promise<ExportedFiles> {
    return this.#during(run, async (going) => {
      const inside = async () => join(folder, folderName(await this.#runName(going.run), id));
      const write = (target: string) => this.#write(going, id, target, wanted);
      const written = await ownFolder(folder, inside, write);
      this.#folders.set(going.run, written.folder);
      return written;
    });
  }

  /** The same for a network that was scored besides the candidates, or as one of them. */
  network(
    run: string,
    genotype: string,
    folder: string,
    wanted: WantedExport,
  ): Promise<ExportedFiles> {
    return this.#during(run, async (going) => {
      const { look, services } = this.#options;
      const all = wanted.formats.includes('html');
      const network = await throughRename(going, (of) => look('network', of, { genotype, all }));
      const name = genotype.replace(/[^\w.-]+/g, '-').slice(0, 60);
      const inside = async () => join(folder, `${await this.#runName(going.run)} ${name}`);
      const written = await ownFolder(folder, inside, async (target) => [
        ...(await services.exportCandidate(
          { ...network, ...wanted, folder: target },
          () => undefined,
        )),
      ]);
      this.#folders.set(going.run, written.folder);
      return written;
    });
  }

  /**
   * Each into a folder of its own inside `folder`. One that cannot be written is told at the end and does not keep
   * the others from it; only where nobody agrees to what the run reads, nothing is written.
   */
  async several(
    run: string,
    ids: readonly number[],
    folder: string,
    wanted: WantedExport,
  ): Promise<SeveralExported> {
    return this.#during(run, async (going) => {
      const written: number[] = [];
      const failed: SeveralExported['failed'] = [];
      // All of them are named alike, whatever the run is called by the end.
      const name = await this.#runName(run);
      for (const [i, id] of ids.entries()) {
        if (going.cancelled) break;
        const target = join(folder, folderName(name, id));
        try {
          await this.#write(going, id, target, wanted, { at: i + 1, of: ids.length });
          written.push(id);
        } catch (error) {
          if (error instanceof WorkbenchError && endsAll.has(error.code)) throw error;
          failed.push({ id, error: reportOf(error) });
        }
      }
      if (written.length > 0) this.#folders.set(going.run, folder);
      return { folder, ids: written, failed, cancelled: going.cancelled };
    });
  }

  /** What is being written of the run goes on under its new name, and what was written is found by it. */
  renamed(from: string, to: string): void {
    for (const going of this.#going) if (going.run === from) going.run = to;
    const folder = this.#folders.get(from);
    if (folder === undefined) return;
    this.#folders.delete(from);
    this.#folders.set(to, folder);
  }

  /** The folder of the run's latest export. Throws `nothing-exported`. */
  folderOf(run: string): string {
    const folder = this.#folders.get(run);
    if (folder !== undefined) return folder;
    throw new WorkbenchError(
      'nothing-exported',
      'Nothing of this run has been exported yet.',
      'Export a candidate first.',
    );
  }

  async #during<T>(run: string, write: (going: Going) => Promise<T>): Promise<T> {
    const going: Going = { run, cancelled: false };
    this.#going.add(going);
    try {
      return await write(going);
    } finally {
      this.#going.delete(going);
    }
  }

  /** What of the run is being written is finished; nothing more of it is begun. */
  cancel(run: string): void {
    for (const going of this.#going) if (going.run === run) going.cancelled = true;
  }

  async #write(
    going: Going,
    id: number,
    folder: string,
    wanted: WantedExport,
    several?: ExportOf['several'],
  ): Promise<string[]> {
    const { look, searches, services, progress } = this.#options;
    const all = wanted.formats.includes('html');
    const candidate = await throughRename(going, (run) => look('exported', run, { id, all }));
    // These read the images of the run.
    if (wanted.formats.some(isCalibrated)) await searches.agreed(going.run, candidate.info);
    const files = await services.exportCandidate({ ...candidate, ...wanted, folder }, (step) =>
      progress({ run: going.run, id, ...step, ...(several && { several }) }),
    );
    return [...files];
  }

  async #runName(run: string): Promise<string> {
    return parse(await this.#options.files.pathOf(run)).name;
  }
}

/** Every other candidate would fail in the same way. */
const endsAll: ReadonlySet<string> = new Set([
  ...['data-not-agreed', 'disk-full', 'folder-not-writable', 'unknown-run', 'not-a-run-file'],
]);

const folderName = (run: string, id: number): string => `${run} c-${String(id).padStart(4, '0')}`;

async function ownFolder(
  folder: string,
  inside: () => Promise<string>,
  write: (folder: string) => Promise<string[]>,
): Promise<ExportedFiles> {
  const exportTo = async (target: string) => ({ folder: target, files: await write(target) });
  try {
    return await exportTo(folder);
  } catch (error) {
    if (!(error instanceof WorkbenchError && error.code === 'folder-not-empty')) throw error;
    return exportTo(await inside());
  }
}
