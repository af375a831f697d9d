/** What a new search takes over from another run: candidates whose scores would come out again, bit for bit. */
import { isDeepStrictEqual } from 'node:util';
import { isSpaceInCode } from '../common/space-in-code.ts';
import { blockOf } from '../common/settings/method.ts';
import { presetKeys, type SearchSettings } from '../common/settings/index.ts';
import { decidingLatencies, decidingScores, differingSettings } from '../common/take-over.ts';
import { WorkbenchError } from '../errors.ts';
import type { EngineWish } from '../common/engines.ts';
import type { PrecisionWish } from '../engine/precision.ts';
import {
  engineForResume,
  type EnginesHere,
  type EngineToGoOnWith,
  type ScoringPlan,
} from '../engine/scoring-plan.ts';
import type { Candidate, CandidateId, EvaluatedCandidate } from '../run/candidate.ts';
import type { RunInfo } from '../run/run-store.ts';
import { resultOf, scoreParts } from '../search/guided/score-parts.ts';
import { excessOf } from '../search/repair.ts';
import type { DescribedSpace } from '../space/described-space.ts';
import { spaceOfRun } from '../space/index.ts';
import type { Space } from '../space/space.ts';
import { openRunReadOnly } from '../store/run-file.ts';
import type { BatchSet } from '../task/batches.ts';
import { assertSameData } from './search-data.ts';

export interface NewRun {
  readonly settings: SearchSettings;
  readonly space: DescribedSpace;
  readonly batches: BatchSet;
  readonly plan: ScoringPlan;
}

/**
 * Settings that a run which begins with another one's candidates has, where nobody says otherwise. Not the path of
 * its images: a file that came from elsewhere has no say in what is read here.
 */
export function settingsTakenOver(
  stored: SearchSettings,
  given: Readonly<Partial<SearchSettings>>,
): Partial<SearchSettings> {
  const keys: readonly (keyof SearchSettings)[] = [
    ...(['space', 'preset'] as const),
    ...presetKeys,
    ...decidingScores,
    ...(given.latency === undefined ? decidingLatencies : []),
  ];
  return Object.fromEntries(keys.map((key) => [key, stored[key]]));
}

export interface TakenOver {
  readonly candidates: readonly Candidate[];
  /** Threads of a scoring process there, where scores depend on them. */
  readonly threads: number | null;
}

/**
 * The candidates of the run in a file as the first ones of a new run, with everything that is known of them: those
 * that were evaluated and meet the new limits.
 * @param file null: none
 * Throws `runs-differ` naming what differs, `data-changed`, and what opening a run throws.
 */
export function takenFrom(file: string | null, run: NewRun): TakenOver {
  if (file === null) return { candidates: [], threads: null };
  if (isSpaceInCode(run.space.description)) {
    throw new WorkbenchError(
      'space-code-refused',
      `A search cannot begin with the candidates of another where its space is code, as ${run.space.name} is.`,
      'Begin without them, or go on with the other run.',
    );
  }
  const other = openRunReadOnly(file);
  try {
    const info = other.info();
    assertAlike(info.settings, run, info.scoring ?? null);
    if (!isDeepStrictEqual(spaceOfRun(info).description, run.space.description)) {
      throw differs(['it searched another space']);
    }
    assertSameData(info.dataDescription, run.batches.description, run.settings);
    const { latency, maxLatencyMs } = run.settings;
    const parts = scoreParts(run.settings);
    const candidates = [...other.candidates(), ...other.extras()].flatMap(({ id, genotype }) => {
      const whole = id > 0 ? other.candidate(id) : other.extra(genotype);
      if (whole?.status !== 'evaluated' || excessOf(whole, run.settings) > 0) return [];
      // Scored for another ranking, it may lack what this one asks for.
      if (resultOf(whole, parts) === null) return [];
      if (latency === 'macs') return [{ ...whole, latency: null }];
      const ms = whole.latency?.latencyMs ?? Infinity;
      return ms <= (maxLatencyMs ?? Number.MAX_VALUE) ? [whole] : [];
    });
    return { candidates: candidates.map(numbered), threads: info.scoring?.threads ?? null };
  } finally {
    other.close();
  }
}

/** What a run has to fit that its candidates may be taken over. */
export interface WantedFromRun {
  readonly settings: SearchSettings;
  /** One with a description. */
  readonly space: Space | DescribedSpace;
  readonly engine: EngineWish;
  readonly precision: PrecisionWish;
}

/**
 * The engine with which a new search takes over the candidates of a run; null where it cannot. What only its images
 * say is left to `takenFrom`.
 */
export function engineToTakeOver(
  info: RunInfo,
  { settings, space, engine, precision: wished }: WantedFromRun,
  here: EnginesHere,
): Pick<EngineToGoOnWith, 'name' | 'precision'> | null {
  const { scoring = null } = info;
  if (scoring === null || info.settings.data !== settings.data) return null;
  if (differingSettings(info.settings, settings).length > 0) return null;
  if (!('description' in space)) return null;
  if (!isDeepStrictEqual(spaceOfRun(info).description, space.description)) return null;
  try {
    const wanted = wished === 'auto' ? null : wished;
    const { name, precision, warning } = engineForResume(scoring, engine, here, wanted);
    return warning === null ? { name, precision } : null;
  } catch (error) {
    if (error instanceof WorkbenchError) return null;
    throw error;
  }
}

function numbered(candidate: EvaluatedCandidate, place: number): Candidate {
  return {
    ...candidate,
    id: (place + 1) as CandidateId,
    generation: blockOf(place + 1),
    // Numbers of the other run.
    parents: [],
  };
}

function assertAlike(
  stored: SearchSettings,
  { settings, plan }: NewRun,
  by: ScoringPlan | null,
): void {
  const differing = differingSettings(stored, settings).map(
    (key) =>
      `${key} is ${JSON.stringify(stored[key])} there and ${JSON.stringify(settings[key])} here`,
  );
  const engines = ['engine', 'version', 'precision', 'instructions'] as const;
  const engine = engines
    .filter((key) => (by?.[key] ?? null) !== (plan[key] ?? null))
    .map(
      (key) =>
        `${key === 'engine' ? 'the engine' : `the engine's ${key}`} is ${by?.[key] ?? 'unknown'} there and ${plan[key] ?? 'unknown'} here`,
    );
  if (differing.length + engine.length > 0) throw differs([...differing, ...engine]);
}

function differs(how: readonly string[]): WorkbenchError {
  return new WorkbenchError(
    'runs-differ',
    `The candidates of that run cannot be taken over, because their scores would be different: ${how.join('; ')}.`,
    'Leave out what differs, so that it is as in that run, or start without its candidates.',
  );
}
