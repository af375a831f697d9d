/**
 * Whose images a run may read. A run file names a folder, which in a file from elsewhere may be anything: a
 * drive that hangs, or a network host that would learn who is asking. So the path is only touched where this
 * account began the run or a person has agreed to it; both are remembered by a small file per run.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { WorkbenchError } from '../errors.ts';
import { stateFolder } from '../system-folders.ts';
import type { RunInfo } from '../run/run-store.ts';

type Run = Pick<RunInfo, 'runId' | 'settings'>;

export class Agreements {
  readonly #folder: string;

  constructor(folder = stateFolder()) {
    this.#folder = path.join(folder, 'agreed-data');
  }

  /** The path that a person has to agree to before the run may touch it; null where there is none. */
  wanted(run: Run): string | null {
    const { data } = run.settings;
    return data === null || existsSync(this.#fileOf(run)) ? null : data;
  }

  add(run: Run): void {
    if (run.settings.data === null) return;
    try {
      mkdirSync(this.#folder, { recursive: true });
      writeFileSync(this.#fileOf(run), '');
    } catch {
      // The person will be asked again; that is no reason to refuse what was just agreed to.
    }
  }

  /** Throws `data-not-agreed`. */
  assert(run: Run, agreed: string | null | undefined): void {
    const wanted = this.wanted(run);
    if (wanted === null) return;
    if (wanted !== agreed) throw dataNotAgreed(wanted);
    this.add(run);
  }

  #fileOf({ runId, settings }: Run): string {
    const name = createHash('sha256')
      .update(JSON.stringify([runId, settings.data]))
      .digest('hex');
    return path.join(this.#folder, name);
  }
}

export function dataNotAgreed(data: string): WorkbenchError {
  return new WorkbenchError(
    'data-not-agreed',
    `The run reads its images from ${data}. It was started by another account, or by a version that did not record by whom, so nothing there was read.`,
    `If you trust that path, allow it: on the command line with --data ${data}, in the window when it asks.`,
  );
}
