/** What waits in the queue and what became of it: one small file, written whole at every change. */
import { existsSync, readFileSync, renameSync } from 'node:fs';
import { z } from 'zod';
import { queuedStates, searchToQueue } from '../../../preload/contract.ts';
import { writeSmallFileAtomically } from '../../atomic-write.ts';
import { errorReportSchema, type ErrorReport } from '../../common/report.ts';
import { storedSettingsSchema } from '../../common/settings/index.ts';
import { reportOf, WorkbenchError } from '../../errors.ts';

/** Of the file's form. */
const version = 1;

const storedSearch = z.object({
  id: z.string(),
  sweep: z.string().nullable(),
  // Settings that are newer than the file mean what runs did before.
  wanted: searchToQueue.extend({ settings: storedSettingsSchema }),
  state: z.enum(queuedStates),
  /** Path of the run file, from just before the search begins. */
  file: z.string().nullable(),
  error: errorReportSchema.nullable(),
});

const storedQueue = z.object({
  version: z.literal(version),
  paused: z.boolean(),
  sweeps: z.array(z.object({ id: z.string(), title: z.string() })),
  searches: z.array(storedSearch),
});

export type StoredSearch = Readonly<z.infer<typeof storedSearch>>;

export interface StoredQueue {
  readonly paused: boolean;
  readonly sweeps: readonly { readonly id: string; readonly title: string }[];
  /** In the order in which they run. */
  readonly searches: readonly StoredSearch[];
}

const empty: StoredQueue = { paused: false, sweeps: [], searches: [] };

export class QueueFile {
  readonly #file: string;
  #current: StoredQueue;
  #fault: ErrorReport | null;

  /** A file that cannot be read is put aside, so that nothing writes over it. */
  constructor(file: string) {
    this.#file = file;
    const { stored, fault } = read(file);
    this.#current = stored;
    this.#fault = fault;
  }

  get current(): StoredQueue {
    return this.#current;
  }

  /** Why the queue is not as it was left, or could not be saved; null where all is well. */
  get fault(): ErrorReport | null {
    return this.#fault;
  }

  /** What a person wants. Throws WorkbenchError `queue-not-saved`; nothing changes then. */
  change(changes: Partial<StoredQueue>): void {
    const next = { ...this.#current, ...changes };
    this.#write(next);
    this.#current = next;
  }

  /** What has happened, whether it can be written down or not. */
  note(changes: Partial<StoredQueue>): void {
    this.#current = { ...this.#current, ...changes };
    try {
      this.#write(this.#current);
    } catch (error) {
      this.#fault = reportOf(error);
    }
  }

  #write(queue: StoredQueue): void {
    try {
      writeSmallFileAtomically(this.#file, JSON.stringify({ version, ...queue }));
      if (this.#fault?.code === notSaved) this.#fault = null;
    } catch (cause) {
      throw new WorkbenchError(
        notSaved,
        `The queue could not be saved to ${this.#file}: ${(cause as Error).message}`,
        'Make room or give this account the right to write there, then try again.',
        { cause },
      );
    }
  }
}

const notSaved = 'queue-not-saved';

function read(file: string): { readonly stored: StoredQueue; readonly fault: ErrorReport | null } {
  if (!existsSync(file)) return { stored: empty, fault: null };
  try {
    const { version: _, ...stored } = storedQueue.parse(JSON.parse(readFileSync(file, 'utf8')));
    return { stored, fault: null };
  } catch {
    return { stored: empty, fault: putAside(file) };
  }
}

function putAside(file: string): ErrorReport {
  let aside = `${file}.unread`;
  // What was put aside before stays.
  for (let n = 2; existsSync(aside); n++) aside = `${file}.unread-${n}`;
  let where = aside;
  try {
    renameSync(file, aside);
  } catch {
    where = file;
  }
  return {
    code: 'queue-not-read',
    message: `The queue of searches is damaged or of another version, and is empty now. Its file lies in ${where}.`,
    hint: 'Runs are not affected: set the searches up again.',
  };
}
