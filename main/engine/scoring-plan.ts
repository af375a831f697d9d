/** Who scores a run: settled before its first candidate, and the same for all of them. */
import { WorkbenchError } from '../errors.ts';
import type { EngineIdentity, EngineName } from './engine.ts';
import { threadsDecideBits, type EngineWish } from './engine-choice.ts';
import { unlessFloat32, precisionOf, type Precision } from './precision.ts';

export interface ScoringPlan {
  readonly engine: EngineName;
  readonly version: string;
  /** Scoring processes of the latest session, and threads of each; null until they are settled. */
  readonly workers: number | null;
  readonly threads: number | null;
  /** Of the convolutions' operands; absent: float32. */
  readonly precision?: Precision;
  /** Why it is not the engine that is usual; null where nothing has to be said. */
  readonly note: string | null;
}

/** The engine that a stored run goes on with. */
export interface EngineToGoOnWith {
  readonly name: EngineName;
  /** Threads of a scoring process, where the scores depend on them and a session settled them before. */
  readonly threads: number | null;
  readonly precision: Precision;
}

/**
 * @param stored null for runs that are older than plans: onnxruntime scored all of them, whatever its version
 * @param precision null goes on with the run's own
 * @param versions what can be had here; null where an engine cannot
 * @throws WorkbenchError `engine-contradicts` where another engine or precision is asked for, `engine-missing` where the
 *   run's own is not there
 */
export function engineToGoOnWith(
  stored: ScoringPlan | null,
  wish: EngineWish,
  versions: Readonly<Record<EngineName, string | null>>,
  precision: Precision | null = null,
): EngineToGoOnWith {
  const name = stored?.engine ?? 'onnxruntime';
  if (wish !== 'auto' && wish !== name) {
    throw new WorkbenchError(
      'engine-contradicts',
      `The run is scored by ${name}; scores of ${wish} would not compare with those it has.`,
      `Leave the engine out to go on with ${name}, or start a new run with ${wish}.`,
    );
  }
  const own = precisionOf(stored ?? {});
  if (precision !== null && precision !== own) {
    throw new WorkbenchError(
      'engine-contradicts',
      `The run is scored in ${own}; scores in ${precision} would not compare with those it has.`,
      `Leave the precision out to go on in ${own}, or start a new run in ${precision}.`,
    );
  }
  if (stored === null) return { name, threads: null, precision: own };
  const here = versions[name];
  if (here !== stored.version) {
    throw new WorkbenchError(
      'engine-missing',
      `The run is scored by ${name} ${stored.version}; ${here === null ? `${name} is not there` : `this is ${name} ${here}`}, and scores of another engine or version would not compare.`,
      `${here === null ? 'Build the onednn engine (docs/native.md)' : `Go on with it where ${name} ${stored.version} is installed`}, or start a new run.`,
    );
  }
  return { name, threads: threadsDecideBits(name) ? stored.threads : null, precision: own };
}

/** The identity of one process of a settled plan. */
export function identityOf(plan: ScoringPlan): EngineIdentity {
  const { engine: name, version, threads } = plan;
  return { name, version, threads: threads ?? 1, ...unlessFloat32(precisionOf(plan)) };
}
