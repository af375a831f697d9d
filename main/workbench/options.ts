/** What a workbench consists of, and how one of its sessions scores. */
import { totalmem } from 'node:os';
import type { ChildProcesses } from '../child/process.ts';
import type { ChildLimits } from '../child/supervised-child.ts';
import type { EngineWish } from '../common/engines.ts';
import type { PrecisionWish } from '../engine/precision.ts';
import type { DescribedSpace } from '../space/described-space.ts';
import type { Waiting } from '../task/data-source.ts';
import type { Computer } from './computer.ts';
import type { FarmWish } from './farm-wish.ts';
import type { PhoneSession } from './latency-sources.ts';

export interface WorkbenchOptions {
  readonly processes: ChildProcesses;
  /** Scripts of the children. */
  readonly entries: {
    readonly engine: string;
    readonly latency: string;
    readonly data: string;
    readonly adb: string;
    /** Of what a guided search computes; absent where this process has nobody else to serve. */
    readonly guide?: string;
    /** Of what judges a benchmark; absent as above. */
    readonly judge?: string;
  };
  /** Folder with the files that ship with the product. */
  readonly assetsFolder: string;
  readonly productVersion: string;
  /** Where it is remembered which images runs may read; by default where the system keeps such things. */
  readonly stateFolder?: string;
  /** Shared with other workbenches of this program; by default one of its own. */
  readonly computer?: Computer;
}

/** How a session scores. A run keeps its engine, and where scores depend on them the threads of a process. */
export interface SessionOptions extends PhoneSession {
  /** Threads of all scoring processes together; absent or null lets the workbench choose. */
  readonly threads?: number | null | undefined;
  /** On a resume: the path of images that the person has agreed to, as the run names it. */
  readonly agreedData?: string | null | undefined;
  /** On a resume: what `lookThroughRun` returned in another process, so that this one need not check the file. */
  readonly looked?: string | undefined;
  /** Is told how far opening the images has got, and can stop it. */
  readonly opening?: Waiting | undefined;
  /** On a resume: the space, where it is code, which no run holds. */
  readonly space?: DescribedSpace | undefined;
  /** Run file whose candidates a new search begins with. */
  readonly from?: string | undefined;
  /** Scoring processes; if absent or `auto`, a search finds out by measuring. */
  readonly workers?: number | 'auto' | undefined;
  /** Other computers that score; absent or null: this one alone. */
  readonly farm?: FarmWish | null | undefined;
  /** Absent: as with `auto`. */
  readonly engine?: EngineWish | undefined;
  /** Absent: as with `auto`, which decides by what is scored, or on a resume takes the run's own. */
  readonly precision?: PrecisionWish | undefined;
}

/**
 * Limits for one candidate. Five minutes are many times what the largest supported network needs; 60 % of
 * the memory leaves room for the window and whatever else runs.
 */
export const childLimits: ChildLimits = { timeoutMs: 300_000, memoryBytes: 0.6 * totalmem() };
