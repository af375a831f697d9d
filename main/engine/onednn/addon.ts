/** The native add-on, where `npm run build:native` made it. Loading it is for the scoring child only. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { WorkbenchError } from '../../errors.ts';
import { noBf16Here, type Precision } from '../precision.ts';
import { withNetworkRevision } from '../revision.ts';
import type { Plan, PlanBatch } from './plan.ts';

export interface NativeRequest extends Plan {
  readonly batches: readonly PlanBatch[];
  readonly termCap: number;
  readonly threads: number;
  /**
   * What the add-on may allocate; absent: anything. A plan that needs more rejects with the bytes in words
   * (`neededBytes`) before it allocates them.
   */
  readonly memoryBytes?: number;
  /** Convolutions of bfloat16 numbers. */
  readonly bf16?: boolean;
  /** Hands the gradients out; for tests. */
  readonly keepGradients?: boolean;
}

export interface NativeResult {
  readonly layers: readonly {
    readonly sum: number;
    readonly sumCapped: number;
    readonly gradientNorms: readonly number[];
    /** Of each batch, where they were asked for. */
    readonly gradients?: readonly Float32Array[];
  }[];
  readonly losses: readonly number[];
  /** Of every action, over all batches; empty unless asked for. */
  readonly times: readonly { readonly name: string; readonly seconds: number }[];
  readonly arenaBytes: number;
  readonly reorders: number;
  readonly compileSeconds: number;
}

export interface Addon {
  /** Of oneDNN, and of the add-on's own kernels: "2.6.3+k6". */
  readonly version: string;
  /** The processor multiplies bfloat16. */
  readonly bf16: boolean;
  /** Computes on a thread of its own; calls run one after the other. */
  run(request: NativeRequest, timed: boolean): Promise<NativeResult>;
  /** The call that runs rejects soon with "cancelled". */
  cancel(): void;
}

/** Bytes that a plan would have needed, from the error that refuses it; null for any other error. */
export function neededBytes(error: unknown): number | null {
  const said = error instanceof Error ? /^the plan needs (\d+) bytes$/.exec(error.message) : null;
  return said && Number(said[1]);
}

/** dist/native, seen from the sources and from a bundle; a library cannot be loaded out of an archive. */
function folder(): string {
  const here = import.meta.dirname.replace('app.asar' + path.sep, 'app.asar.unpacked' + path.sep);
  if (path.basename(here) !== 'onednn') return path.join(here, '../native');
  // Only the sources can be told to take another build; tests load one with sanitizers.
  return path.join(here, '../../../dist', process.env['ZICO_NATIVE_BUILD'] ?? 'native');
}

const library = () => path.join(folder(), 'onednn.node');

/** Version of oneDNN and of the kernels that were built, as the add-on says; null where it was not built. */
export function builtVersion(): string | null {
  const note = path.join(folder(), 'onednn.json');
  if (!existsSync(note) || !existsSync(library())) return null;
  const { version } = JSON.parse(readFileSync(note, 'utf8')) as { version: string };
  return withNetworkRevision(version);
}

/** @throws WorkbenchError `engine-unavailable` */
export function loadAddon(): Addon {
  try {
    return createRequire(import.meta.url)(library()) as Addon;
  } catch (cause) {
    throw new WorkbenchError(
      'engine-unavailable',
      `The onednn engine cannot be loaded: ${cause instanceof Error ? cause.message : String(cause)}`,
      'Build it with "npm run build:native", or choose the onnxruntime engine.',
      { cause },
    );
  }
}

/** @throws WorkbenchError `engine-unavailable`, `precision-unavailable` where the processor lacks bf16 */
export function addonFor(precision: Precision): Addon {
  const addon = loadAddon();
  if (precision === 'bf16' && !addon.bf16) throw noBf16Here();
  return addon;
}
