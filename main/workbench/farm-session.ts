/** A search that gives its scoring to a farm. This computer takes part unless it was told not to. */
import type { NeededEngine } from '../common/farm.ts';
import { engineTraits } from '../common/engines.ts';
import { precisionOf } from '../engine/precision.ts';
import { engineVersionOf } from '../engine/revision.ts';
import { identityOf } from '../engine/scoring-plan.ts';
import type { Farm } from '../farm/connect.ts';
import { FarmScoring } from '../farm/scoring.ts';
import { FarmWorker } from '../farm/worker.ts';
import { WorkbenchError } from '../errors.ts';
import type { SearchSettings } from '../common/settings/index.ts';
import type { Engines } from './engines.ts';
import { offerOf } from './farm-offer.ts';
import type { FarmWish } from './farm-wish.ts';
import { planOf } from './scorers.ts';
import { scoreHere, type ScoringParts, type ScoringSession } from './scoring-session.ts';
import type { ChosenEngine } from './start-scoring.ts';

/** The threads of a process, where scores depend on them, have to be settled before a worker is asked. */
export function settledForFarm(
  chosen: ChosenEngine,
  {
    threads,
    workers,
  }: {
    readonly threads?: number | null | undefined;
    readonly workers?: number | 'auto' | undefined;
  },
): ChosenEngine {
  if (!engineTraits[chosen.name].threadsDecideBits || chosen.threads !== null) return chosen;
  const typed = typeof threads === 'number' && typeof workers === 'number';
  return { ...chosen, threads: typed ? Math.max(1, Math.floor(threads / workers)) : 1 };
}

/** Throws `farm-host-latency`: scoring and measuring would disturb each other. */
export function assertFitsFarm(settings: SearchSettings, { only }: FarmWish): void {
  if (settings.latency !== 'host' || only) return;
  throw new WorkbenchError(
    'farm-host-latency',
    'This computer measures latencies, and scoring on it at the same time would disturb them.',
    'Add --farm-only, so that it measures alone while others score, or choose another latency.',
  );
}

export async function scoreOnFarm(
  parts: ScoringParts,
  wish: FarmWish,
  farm: Farm,
  engines: Engines,
  product: string,
  signal: AbortSignal,
): Promise<ScoringSession> {
  const { space, store, batches, chosen } = parts;
  const { settings, runId } = store.info();
  const { inFlight, population } = settings;
  // Opened at the latest when something has to be decided here.
  let opened: Promise<ScoringSession> | null = null;
  const here = (): Promise<ScoringSession> => (opened ??= scoreHere(parts, signal));
  const plan = wish.only ? planOf(chosen) : (await here()).plan;
  const { threadsDecideBits } = engineTraits[chosen.name];
  const scoring = new FarmScoring({
    ...{ farm, product, runId, work: { space, settings, batches } },
    engine: neededEngine(chosen, engines),
    identity: wish.any ? null : { ...identityOf(plan), version: chosen.version },
    threadsCount: threadsDecideBits,
    decide: async (genotype, halt) => (await here()).score(genotype, halt),
    ...(wish.onNews && { onNews: wish.onNews }),
  });
  const stop = new AbortController();
  const own = wish.only ? null : await ownWorker(here, scoring.run, farm, engines, product);
  const working = own?.run(stop.signal);
  return {
    plan: { ...plan, note: noteWith(plan.note, wish) },
    concurrency: inFlight ?? population,
    score: (genotype, halt) => scoring.score(genotype, halt),
    async close(finished) {
      stop.abort();
      await scoring.close(finished);
      await Promise.all([
        working,
        opened?.then(
          (session) => session.close(finished),
          () => undefined,
        ),
      ]);
      await farm.close();
    },
  };
}

async function ownWorker(
  here: () => Promise<ScoringSession>,
  run: string,
  farm: Farm,
  engines: Engines,
  product: string,
): Promise<FarmWorker> {
  const session = await here();
  const threads = session.concurrency * (session.plan.threads ?? 1);
  return new FarmWorker({
    ...{ farm, product, only: run, offer: offerOf(engines, threads), graceMs: 0 },
    open: () =>
      Promise.resolve({
        score: (genotype, signal) => session.score(genotype, signal),
        close: () => Promise.resolve(),
      }),
  });
}

export function neededEngine(chosen: ChosenEngine, engines: Engines): NeededEngine {
  return {
    name: chosen.name,
    version: engineVersionOf(chosen.version),
    precision: precisionOf(chosen),
    threads: engineTraits[chosen.name].threadsDecideBits ? (chosen.threads ?? 1) : null,
    // Those of onnxruntime decide last digits as well, though its scores do not name them.
    instructions: engines.instructions(),
  };
}

/** What is said of how a run is scored. */
export function noteWith(note: string | null, { any }: Pick<FarmWish, 'any'>): string | null {
  if (!any) return note;
  const mixed =
    'Workers with different engines score this run: each score names its own, and last digits differ.';
  if (note === null) return mixed;
  // A run that goes on so has said it before.
  return note.includes(mixed) ? note : `${note} ${mixed}`;
}
