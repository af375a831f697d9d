/** Which engine scores where nobody, or somebody, says: the one place that decides it. */
import { WorkbenchError, type ErrorReport } from '../errors.ts';
import { engineNames, type EngineName } from './engine.ts';
import type { Precision } from './precision.ts';

/** What a person may ask for; `auto` is the usual engine where it can be had. */
export const engineWishes = ['auto', ...engineNames] as const;
export type EngineWish = (typeof engineWishes)[number];

/** What `auto` takes where it can. onnxruntime can always be had. */
export const usualEngine: EngineName = 'onednn';

export interface EngineChoice {
  readonly name: EngineName;
  /** One sentence on why it is not the usual one; null where it is, or where it was asked for. */
  readonly note: string | null;
}

/**
 * @param obstacle why onednn cannot score what is to be scored; null where it can
 * @throws WorkbenchError the obstacle, where onednn was asked for by name
 */
export function chooseEngine(
  wish: EngineWish,
  obstacle: ErrorReport | null,
  usual: EngineName = usualEngine,
): EngineChoice {
  if (wish === 'onednn' && obstacle) throw WorkbenchError.fromReport(obstacle);
  if (wish !== 'auto') return { name: wish, note: null };
  if (usual === 'onednn' && obstacle) return { name: 'onnxruntime', note: insteadOf(obstacle) };
  return { name: usual, note: null };
}

/**
 * The engine to ask for where a precision is asked for: all but float32 are onednn's alone, and never
 * replaced.
 * @throws WorkbenchError `precision-unavailable` for those with onnxruntime
 */
export function wishWith(wish: EngineWish, precision: Precision): EngineWish {
  if (precision === 'float32') return wish;
  if (wish !== 'onnxruntime') return 'onednn';
  throw new WorkbenchError(
    'precision-unavailable',
    `onnxruntime scores in float32 only; ${precision} convolutions are onednn's.`,
    'Leave the precision out, or choose the onednn engine.',
  );
}

/** Why onnxruntime scores what onednn would usually score. */
export function insteadOf({ message }: Pick<ErrorReport, 'message'>): string {
  return `onnxruntime scores instead of onednn. ${message}`;
}

/**
 * True where the number of threads decides the last bits of a score: oneDNN sums in another order then,
 * so its threads are part of its identity.
 */
export function threadsDecideBits(name: EngineName): boolean {
  return name === 'onednn';
}

/** What decides how much the rounding of convolutions matters to a score. */
export interface Scored {
  /** Of the score that ranks; null: plain ZiCo. */
  readonly termCap: number | null;
  readonly batches: number;
}

/** From so many batches on no single pair of gradients rules a score. */
const enoughBatches = 4;

/**
 * What `auto` takes. Plain ZiCo, and any score of few batches, is ruled by weights whose gradients nearly
 * agree, which rounding decides: those are convolved directly, as published.
 */
export function usualPrecision(engine: EngineName, { termCap, batches }: Scored): Precision {
  const forgiving = termCap !== null && batches >= enoughBatches;
  return engine === 'onednn' && forgiving ? 'float32-winograd' : 'float32';
}
