/** What scores a run: decided before its first candidate, and the same for all of them. */
import {
  engineTraits,
  type EngineIdentity,
  type EngineName,
  type EngineWish,
  type ScoringPlan,
} from '../common/engines.ts';
import { WorkbenchError } from '../errors.ts';
import type { InstructionSet } from './instructions.ts';
import { precisionField, precisionOf, type Precision } from './precision.ts';
import { engineVersionOf } from './revision.ts';

export type { ScoringPlan };

/** What scored runs from before plans were stored. */
const engineBeforePlans: EngineName = 'onnxruntime';

/** The engine that a stored run goes on with. */
export interface EngineToGoOnWith {
  readonly name: EngineName;
  /** Threads of a scoring process, where the scores depend on them and a session settled them before. */
  readonly threads: number | null;
  readonly precision: Precision;
  /** Those that the run names; null where it names none. */
  readonly instructions: InstructionSet | null;
  /** What a person should know about the scores from here on; null where there is nothing to say. */
  readonly warning: string | null;
}

/** What is available here. */
export interface EnginesHere {
  /** Null where an engine is not available. */
  readonly versionOf: (name: EngineName, precision: Precision) => string | null;
  /** Those of onednn. */
  readonly instructions: () => InstructionSet;
}

/**
 * @param stored null for runs that are older than plans: onnxruntime scored all of them, whatever its version
 * @param precision null goes on with the run's own
 * @throws WorkbenchError `engine-contradicts` where another engine or precision is asked for, `engine-missing`
 *   where the run's own is not there, `other-instructions` where it names others than are taken here
 */
export function engineForResume(
  stored: ScoringPlan | null,
  wish: EngineWish,
  here: EnginesHere,
  precision: Precision | null = null,
): EngineToGoOnWith {
  const name = stored?.engine ?? engineBeforePlans;
  if (wish !== 'auto' && wish !== name) {
    throw new WorkbenchError(
      'engine-contradicts',
      `The run is scored by ${name}; scores of ${wish} could not be compared with those it has.`,
      `Leave the engine out to continue with ${name}, or start a new run with ${wish}.`,
    );
  }
  const own = precisionOf(stored ?? {});
  if (precision !== null && precision !== own) {
    throw new WorkbenchError(
      'engine-contradicts',
      `The run is scored in ${own}; scores in ${precision} could not be compared with those it has.`,
      `Leave the precision out to continue in ${own}, or start a new run in ${precision}.`,
    );
  }
  const plain = { instructions: null, warning: null };
  if (stored === null) return { name, threads: null, precision: own, ...plain };
  const version = here.versionOf(name, own);
  if (version !== engineVersionOf(stored.version)) {
    throw new WorkbenchError(
      'engine-missing',
      `The run is scored by ${name} ${stored.version}; ${version === null ? `${name} is not there` : `this is ${name} ${version}`}, and scores of another engine or version could not be compared.`,
      `${version === null ? 'Build the onednn engine (docs/native.md)' : `Continue it where ${name} ${stored.version} is installed`}, or start a new run.`,
    );
  }
  if (!engineTraits[name].threadsDecideBits)
    return { name, threads: null, precision: own, ...plain };
  const { threads, instructions = null } = stored;
  const warning = instructions === null ? unnamedInstructions : null;
  if (instructions !== null) assertInstructions(name, instructions, here.instructions());
  return { name, threads, precision: own, instructions, warning };
}

/** The note of runs of version 0.1, which do not record the instructions they were scored with. */
export const unnamedInstructions =
  'Earlier scores of this run do not say which instructions of a processor they were computed with; last digits may differ.';

function assertInstructions(name: EngineName, own: InstructionSet, here: InstructionSet): void {
  if (own === here) return;
  throw new WorkbenchError(
    'other-instructions',
    `The run is scored by ${name} with ${own} instructions; here it takes ${here}, and last digits would differ.`,
    `Set ZICO_INSTRUCTIONS=${own} where the processor has them, continue on a computer that does, or start a new run.`,
  );
}

/** The identity of one process of a settled plan. */
export function identityOf(plan: ScoringPlan): EngineIdentity {
  const { engine: name, version, threads, instructions } = plan;
  return {
    ...{ name, version, threads: threads ?? 1 },
    ...precisionField(precisionOf(plan)),
    ...(instructions && { instructions }),
  };
}
