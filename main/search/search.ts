/**
 * The search: propose a generation, evaluate it, select, until a budget is used up.
 *
 * Resuming is the same loop from the start, with candidates of the run file in place of evaluation: proposals
 * depend only on the seed and on results, so the loop arrives where it was interrupted, wherever that was, and
 * continues as if nothing had happened.
 */
import { plannedCandidates } from '../common/planned-candidates.ts';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Genotype } from '../space/space.ts';
import { withoutLayers, type Candidate, type CandidateId } from '../run/candidate.ts';
import { ComputingShare } from './computing-share.ts';
import { evaluateAll, type EvaluationWork } from './evaluate-all.ts';
import { Flow } from './flow.ts';
import { selectSurvivors, type Ranked } from './nsga2.ts';
import { LatencyLimit } from './latency-limit.ts';
import { Pause } from './pause.ts';
import { proposeGeneration, type Parent } from './proposals.ts';
import { parentsAmong, Proposer, Stopped } from './proposer.ts';
import { assertProposed, createReplay, storedCandidates } from './replay.ts';
import type { RunStatus } from '../run/run-store.ts';
import type {
  FrontConfirmed,
  SearchEnd,
  SearchEvent,
  SearchOutcome,
  SearchRequest,
} from './search-request.ts';
import {
  assertBudget,
  assertLatencyLimit,
  assertPhoneSettings,
  assertSameSettings,
  assertSearchMethod,
} from './settings-checks.ts';
import { blockOf, blockSize } from '../common/settings/method.ts';
import { memoized } from './size.ts';

export type { FrontConfirmed, SearchEnd, SearchEvent, SearchOutcome, SearchRequest };

/**
 * Runs or resumes a search to its end. A candidate that cannot be scored or measured is stored as failed and
 * the search goes on.
 * Throws WorkbenchError: `no-budget`, `no-latency-to-limit`, `phone-settings`, `search-settings`,
 * `settings-contradict`, `no-feasible-network`, `run-not-resumable`, and what the store throws (`disk-full`,
 * ...): everything committed before is kept and can be resumed.
 */
export async function runSearch(request: SearchRequest): Promise<SearchOutcome> {
  const { store, settings, latency } = request;
  assertBudget(settings);
  assertLatencyLimit(settings);
  assertPhoneSettings(settings);
  assertSearchMethod(settings);
  assertSameSettings(store.info().settings, settings);
  if ((settings.latency === 'macs') !== (latency === null)) {
    throw new TypeError(
      `settings.latency is ${settings.latency}, which does not fit the source given`,
    );
  }
  const search = new Search(request);
  store.setStatus('running', search.elapsedSeconds());
  try {
    const end = await search.run();
    const status = end === 'stopped' ? 'stopped' : 'finished';
    store.setStatus(status, search.elapsedSeconds());
    return search.outcome(status, end);
  } catch (error) {
    try {
      store.setStatus('stopped', search.elapsedSeconds());
    } catch {
      // The first error is the cause and says what to do; a run that is left as "running" can be resumed as
      // well.
    }
    throw error;
  }
}

class Search {
  readonly #request: SearchRequest;
  readonly #clock: () => number;
  readonly #startMs: number;
  readonly #earlierSeconds: number;
  /** Aborts what is in flight when the person stops the search or when it cannot go on. */
  readonly #halt = new AbortController();
  readonly #signal: AbortSignal;
  readonly #pause: Pause;
  #fatal: { readonly error: unknown } | null = null;
  #generation = 0;
  #generations = 0;
  #evaluated = 0;
  #failed = 0;
  #rejected = 0;
  #repaired = 0;
  readonly #limit: LatencyLimit;
  readonly #computing: ComputingShare | null;

  constructor(request: SearchRequest) {
    this.#request = request;
    this.#clock = request.clock ?? (() => performance.now());
    this.#pause = request.pause ?? new Pause(this.#clock);
    this.#startMs = this.#nowMs();
    this.#limit = new LatencyLimit(request.settings.maxLatencyMs);
    this.#computing = request.processes ? new ComputingShare(request.processes) : null;
    this.#earlierSeconds = request.store.info().elapsedSeconds;
    this.#signal = request.signal
      ? AbortSignal.any([request.signal, this.#halt.signal])
      : this.#halt.signal;
  }

  elapsedSeconds(): number {
    return this.#earlierSeconds + (this.#nowMs() - this.#startMs) / 1000;
  }

  /** Stands during pauses. */
  #nowMs(): number {
    return this.#clock() - this.#pause.ms;
  }

  outcome(status: RunStatus, end: SearchEnd): SearchOutcome {
    const [generations, evaluated, failed] = [this.#generations, this.#evaluated, this.#failed];
    const [rejected, repaired] = [this.#rejected, this.#repaired];
    const elapsedSeconds = this.elapsedSeconds();
    return { status, end, generations, evaluated, failed, rejected, repaired, elapsedSeconds };
  }

  async run(): Promise<SearchEnd> {
    const { space, settings, store } = this.#request;
    if (settings.inFlight !== null) return await this.#runInFlight(settings.inFlight);
    const replay = createReplay(await storedCandidates(store));
    const summarise = memoized(this.#request.summarise);
    const seen = new Set<Genotype>();
    let population: readonly Ranked<Parent>[] = [];
    const known: Candidate[] = [];

    // This terminates: every round proposes at least one network that was not seen before, or returns; and
    // spaces are finite.
    for (; ; this.#generation++) {
      if (settings.generations !== null && this.#generation >= settings.generations) {
        return this.#ended('generations');
      }
      const left = settings.candidates === null ? Infinity : settings.candidates - seen.size;
      if (left <= 0) return this.#ended('candidates');
      if (this.#signal.aborted) return this.#ended('stopped');

      this.#emit('proposing');
      const { proposals, exhausted, rejected, repaired } = await proposeGeneration(
        {
          space,
          seed: settings.seed,
          generation: this.#generation,
          count: Math.min(settings.population, left),
          firstId: seen.size + 1,
          parents: population,
          seen,
          constraints: settings,
          summarise: (genotype) => this.#limit.expected(summarise(genotype)),
          stopped: () => this.#signal.aborted,
        },
        () => nextTurn(),
      );
      this.#rejected += rejected;
      this.#repaired += repaired;
      if (this.#signal.aborted) return this.#ended('stopped');
      if (proposals.length === 0) return this.#ended('space-exhausted');
      for (const { genotype } of proposals) seen.add(genotype);
      this.#generations++;

      const candidates: Candidate[] = [];
      const remaining = proposals.values();
      const interruption = await this.#evaluateAll(
        () => remaining.next().value ?? null,
        replay,
        (candidate) => candidates.push(candidate),
      );
      if (interruption !== null) return this.#ended(interruption);
      if (candidates.length < proposals.length) return this.#ended('stopped');
      candidates.sort((a, b) => a.id - b.id);
      this.#limit.learn(candidates);
      known.push(...candidates);
      const living = population.map(({ individual: { id } }) => known[id - 1]!);
      population = selectSurvivors(
        parentsAmong([...living, ...candidates], known, settings, this.#limit),
        settings.population,
      );
      if (exhausted) return this.#ended('space-exhausted');
    }
  }

  /** One proposal after the other, each made as soon as the results on which it may depend are known. */
  async #runInFlight(inFlight: number): Promise<SearchEnd> {
    const { settings, store } = this.#request;
    const earlier = await storedCandidates(store);
    const stored = new Map(earlier.map((candidate) => [candidate.id, candidate]));
    // Generations of NSGA-II also limit a steady-state search: to as many candidates as they would have.
    const most = plannedCandidates(settings, Infinity) ?? Infinity;
    const flow = new Flow(inFlight, most);
    const end = (): void => flow.end();
    this.#signal.addEventListener('abort', end, { once: true });
    if (this.#signal.aborted) end();
    const proposer = new Proposer(this.#request, () => this.#signal.aborted);
    let isSettled = false;
    const propose = async (place: number, results: readonly Candidate[]) => {
      const known = stored.get(place as CandidateId);
      if (known !== undefined) {
        // What was taken over was proposed by another search.
        if (place <= settings.takenOver) return known;
        if (!proposer.proposesAgain(stored.size - place)) return known;
      }
      this.#generation = blockOf(place);
      this.#emit('proposing');
      const proposed = await proposer.propose(flow.proposals, results);
      const { proposal, rejected, repaired, settled = false } = proposed;
      this.#rejected += rejected;
      this.#repaired += repaired;
      if (known === undefined) {
        isSettled = settled;
        return proposal;
      }
      // What was stored behind the place where it would have ended by itself was asked for later.
      if (!settled) assertProposed(known, proposal);
      return known;
    };
    const proposing = flow.fill(propose).catch((error: unknown) => {
      if (!(error instanceof Stopped)) this.#fail(error);
    });
    const interruption = await this.#evaluateAll(
      () => flow.next(),
      ({ id }) => stored.get(id) ?? null,
      (candidate) => flow.completed(candidate),
      end,
    );
    await proposing;
    this.#signal.removeEventListener('abort', end);
    this.#generations = Math.ceil(flow.proposals.length / blockSize);
    if (interruption !== null) return this.#ended(interruption);
    if (this.#signal.aborted) return this.#ended('stopped');
    if (flow.exhausted) return this.#ended(isSettled ? 'settled' : 'space-exhausted');
    return this.#ended(most === settings.candidates ? 'candidates' : 'generations');
  }

  /** @param interrupted called where nothing more is going to be started */
  async #evaluateAll(
    next: EvaluationWork['next'],
    replay: EvaluationWork['replay'],
    onCandidate: (candidate: Candidate) => void,
    interrupted: () => void = () => undefined,
  ): Promise<SearchEnd | null> {
    const interruption = await evaluateAll({
      request: this.#request,
      pause: this.#pause,
      signal: this.#signal,
      next,
      replay,
      begun: (phase, proposal) => {
        if (phase === 'scoring') this.#computing?.begun(this.#nowMs());
        this.#emit(phase, { proposal });
      },
      completed: (candidate, isNew) => {
        if (isNew) this.#commit(candidate);
        else this.#count(candidate);
        onCandidate(withoutLayers(candidate));
      },
      interruption: () => {
        const reason = this.#interruption();
        if (reason !== null) interrupted();
        return reason;
      },
      fail: (error) => this.#fail(error),
    });
    if (this.#fatal !== null) throw this.#fatal.error;
    return interruption;
  }

  /** A candidate counts once it is committed. What the store throws ends the search. */
  #commit(candidate: Candidate): void {
    this.#request.store.add(candidate, this.elapsedSeconds());
    if (candidate.status === 'evaluated') {
      this.#computing?.scored(candidate.score.seconds, this.#nowMs());
    }
    this.#count(candidate);
    this.#emit('stored', { candidate });
  }

  #interruption(): SearchEnd | null {
    const { seconds } = this.#request.settings;
    if (this.#signal.aborted) return 'stopped';
    return seconds !== null && this.elapsedSeconds() >= seconds ? 'seconds' : null;
  }

  #count(candidate: Candidate): void {
    if (candidate.status === 'evaluated') this.#evaluated++;
    else this.#failed++;
  }

  #ended(end: SearchEnd): SearchEnd {
    this.#emit('ended');
    if (this.#fatal !== null) throw this.#fatal.error;
    return end;
  }

  #emit(
    phase: SearchEvent['phase'],
    about: Pick<SearchEvent, 'proposal' | 'candidate'> = {},
  ): void {
    const computing = this.#computing?.share() ?? null;
    try {
      this.#request.onEvent?.({
        phase,
        generation: this.#generation,
        evaluated: this.#evaluated,
        failed: this.#failed,
        rejected: this.#rejected,
        repaired: this.#repaired,
        planned: plannedCandidates(this.#request.settings, this.#request.space.networks),
        elapsedSeconds: this.elapsedSeconds(),
        ...(this.#request.scoring && { scoring: this.#request.scoring }),
        ...(computing !== null && { computing }),
        ...about,
      });
    } catch (error) {
      // The listener's fault, not that of the candidate being evaluated.
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    this.#fatal ??= { error };
    this.#halt.abort();
  }
}
