/**
 * The native add-on, from its package for this platform or else from where `npm run build:native` put it. Only
 * the scoring child loads it.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { WorkbenchError } from '../../errors.ts';
import { instructionsUnavailable, type InstructionSet } from '../instructions.ts';
import { bf16Unavailable, type Precision } from '../precision.ts';
import { withNetworkRevision } from '../revision.ts';
import { packagedFolder } from './packaged.ts';
import type { Plan, PlanBatch } from './plan.ts';

export interface NativeRequest extends Plan {
  readonly batches: readonly PlanBatch[];
  /** Batches that are computed at once, a divisor of their number: values hold the images of all of them. Absent: 1. */
  readonly together?: number;
  readonly termCap: number;
  readonly threads: number;
  /**
   * What the add-on may allocate; absent: anything. A plan that needs more rejects with the bytes in words
   * (`neededBytes`) before it allocates them.
   */
  readonly memoryBytes?: number;
  /** Convolutions of bfloat16 numbers. */
  readonly bf16?: boolean;
  /** Convolutions by Winograd's method where it pays. */
  readonly winograd?: boolean;
  /** That method wherever it is possible; for tests. */
  readonly winogradEverywhere?: boolean;
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
  /** Bytes that had to be mapped for this plan; all others were there from earlier ones. */
  readonly freshBytes: number;
  readonly reorders: number;
  readonly compileSeconds: number;
}

export interface Addon {
  /** Of oneDNN, and of the add-on's own kernels: "2.6.3+k6". */
  readonly version: string;
  /** Revision of what only float32-winograd computes. */
  readonly winograd: number;
  /** The instructions of its kernels and of oneDNN's; throws where ZICO_INSTRUCTIONS names missing ones. */
  readonly instructions: string;
  /** The processor multiplies bfloat16. */
  readonly bf16: boolean;
  /** Computes on a thread of its own; calls run one after the other. */
  run(request: NativeRequest, timed: boolean): Promise<NativeResult>;
  /** Makes the running call reject soon with "cancelled". */
  cancel(): void;
}

/** Bytes that a plan would have needed, from the error that refuses it; null for any other error. */
export function neededBytes(error: unknown): number | null {
  const said = error instanceof Error ? /^the plan needs (\d+) bytes$/.exec(error.message) : null;
  return said && Number(said[1]);
}

/** A library cannot be loaded out of an archive. */
const unpacked = (place: string) =>
  place.replace('app.asar' + path.sep, 'app.asar.unpacked' + path.sep);

let packaged: string | null | undefined;

/** Asked once: what is installed does not change while a process runs. */
function folder(): string {
  if (process.env['ZICO_NATIVE_BUILD'] !== undefined) return builtFolder();
  packaged = packaged === undefined ? packagedFolder(import.meta.url) : packaged;
  return packaged === null ? builtFolder() : unpacked(packaged);
}

/** dist/native, seen from the sources and from a bundle. */
function builtFolder(): string {
  const here = unpacked(import.meta.dirname);
  if (path.basename(here) !== 'onednn') return path.join(here, '../native');
  // Another build can only be chosen when the sources run as they are; tests load one with sanitizers.
  return path.join(here, '../../../dist', process.env['ZICO_NATIVE_BUILD'] ?? 'native');
}

const library = () => path.join(folder(), 'onednn.node');

/**
 * Version of oneDNN and of the kernels that were built, as the add-on says; null where it was not built. That
 * of float32-winograd names the revision of its own kernels too: `2.6.3+k6.w1`.
 */
export function builtVersion(precision: Precision = 'float32'): string | null {
  const note = path.join(folder(), 'onednn.json');
  if (!existsSync(note) || !existsSync(library())) return null;
  const { version, winograd } = JSON.parse(readFileSync(note, 'utf8')) as Partial<Addon>;
  // A build from before these kernels existed does not count as one of this version.
  if (version === undefined || winograd === undefined) return null;
  const kernels = precision === 'float32-winograd' ? `${version}.w${winograd}` : version;
  return withNetworkRevision(kernels);
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

/**
 * @param instructions that a score names; absent: any
 * @throws WorkbenchError `engine-unavailable`, `precision-unavailable` where the processor lacks bf16,
 *   `instructions-unavailable`
 */
export function addonFor(precision: Precision, instructions?: InstructionSet): Addon {
  // Where the system does not describe its processors, the add-on might use more than the score is to name.
  if (instructions) process.env['ZICO_INSTRUCTIONS'] ??= instructions;
  const addon = loadAddon();
  let taken: string;
  try {
    taken = addon.instructions;
  } catch (cause) {
    throw instructionsUnavailable(process.env['ZICO_INSTRUCTIONS'] ?? '', cause);
  }
  if (instructions && taken !== instructions) throw instructionsUnavailable(instructions);
  if (precision === 'bf16' && !addon.bf16) throw bf16Unavailable();
  return addon;
}
