/** A search that this app runs: its state, its counts, its speed. Pure except for the clock. */
import type { ErrorReport, RunProgress, RunState, ScoringPlan } from '../../preload/contract.ts';
import type { RunPhase } from '../common/run-states.ts';
import { reportOf } from '../errors.ts';
import type { Candidate } from '../run/candidate.ts';
import type { RunCounts } from '../run/run-store.ts';
import { Pause } from '../search/pause.ts';
import { createRateMeter, type RateMeter } from '../search/progress.ts';
import type { FrontConfirmed } from '../search/search.ts';
import type { NoteWriter, RunReader, WindowSearch } from './services.ts';

type Phase = Exclude<RunPhase, 'idle'>;

export interface LiveRunStart {
  readonly run: string;
  /** The counts left by earlier sessions. */
  readonly earlier: RunCounts;
  /** Searching time of earlier sessions. */
  readonly elapsedSeconds: number;
  /** Where an earlier session of this app left off counting: a revision never goes back. */
  readonly revision: number;
  /** How many candidates the budgets allow; null where only time limits the search. */
  readonly planned: number | null;
  /** The time that the budget allows over all sessions. */
  readonly seconds: number | null;
  /** What scored earlier sessions; null if there were none. */
  readonly scoring: ScoringPlan | null;
  /** Milliseconds of a monotonic clock. */
  readonly now: () => number;
  /** Something that `progress()` shows has changed. */
  readonly changed: (revision: number) => void;
}

export class LiveRun {
  readonly run: string;
  readonly #planned: number | null;
  readonly #seconds: number | null;
  readonly #now: () => number;
  readonly #pause: Pause;
  readonly #changed: (revision: number) => void;
  #rate: RateMeter;
  #search: WindowSearch | null = null;
  #state: RunState = 'searching';
  #phase: Phase = 'preparing';
  #measuring: number | null = null;
  #confirmed: FrontConfirmed | null = null;
  #generation: number;
  #revision: number;
  #evaluated: number;
  #failed: number;
  #error: ErrorReport | null = null;
  #scoring: ScoringPlan | null;
  #computing: number | null = null;
  /** The searching time that the search last reported, and when: its clock is stopped while it prepares. */
  #elapsedSeconds: number;
  #toldAt: number | null = null;

  constructor(start: LiveRunStart) {
    this.run = start.run;
    this.#evaluated = start.earlier.evaluated;
    this.#failed = start.earlier.failed;
    this.#generation = start.earlier.generation;
    this.#planned = start.planned;
    this.#seconds = start.seconds;
    this.#scoring = start.scoring;
    this.#elapsedSeconds = start.elapsedSeconds;
    this.#revision = start.revision;
    // A clock that is stopped during pauses: they are not searching time and do not count in the speed.
    this.#pause = new Pause(start.now);
    this.#now = () => start.now() - this.#pause.ms;
    this.#changed = start.changed;
    this.#rate = createRateMeter(this.#now());
  }

  /** True until the run file is closed. */
  get active(): boolean {
    return ['searching', 'paused', 'stopping'].includes(this.#state);
  }

  /** The open run file; null before the search has started. */
  get reader(): RunReader | null {
    return this.#search?.reader ?? null;
  }

  /** Writes into that file; null before the search has started. */
  get notes(): NoteWriter | null {
    return this.#search?.notes ?? null;
  }

  /** The search has started, and its end is watched from now on. */
  attach(search: WindowSearch): Promise<void> {
    this.#search = search;
    // Does what was asked for while the search was starting.
    if (this.#state === 'stopping') search.stop();
    if (this.#state === 'paused') search.pause();
    this.#touch(); // from now on its candidates can be read
    return search.finished.then(
      (end) => this.#end(end, null),
      (error: unknown) => this.#end('failed', reportOf(error)),
    );
  }

  /** @param elapsedSeconds over all sessions */
  elapsed(elapsedSeconds: number): void {
    this.#elapsedSeconds = elapsedSeconds;
    this.#toldAt = this.#now();
  }

  /** Set once, before the first candidate of the session; the phase that follows informs the page. */
  scoredBy(plan: ScoringPlan): void {
    this.#scoring = plan;
  }

  /** The share of their time that scoring processes computed so far. */
  computed(share: number): void {
    this.#computing = share;
  }

  /** @param measuring the candidate, where the phase is that one */
  phaseChanged(phase: Phase, generation: number, measuring: number | null = null): void {
    const same = this.#phase === phase && this.#generation === generation;
    if (same && this.#measuring === measuring) return;
    this.#measuring = measuring;
    this.#phase = phase;
    this.#generation = generation;
    this.#touch();
  }

  candidateStored({ status, generation }: Pick<Candidate, 'status' | 'generation'>): void {
    if (status === 'failed') this.#failed += 1;
    else this.#evaluated += 1;
    this.#generation = Math.max(this.#generation, generation);
    this.#rate.record(this.#now());
    this.#touch();
  }

  /** The budget is spent, and some of the expected front is being scored. */
  frontConfirmed(confirmed: FrontConfirmed): void {
    // One after the other, so that the speed of the search says nothing of it.
    if (this.#confirmed === null) this.#rate = createRateMeter(this.#now());
    else this.#rate.record(this.#now());
    this.#confirmed = confirmed;
    this.#measuring = null;
    this.#phase = 'confirming';
    this.#touch();
  }

  /** Pauses the search; returns whether it was searching. */
  pause(): boolean {
    if (this.#state !== 'searching') return false;
    this.#state = 'paused';
    this.#pause.begin();
    this.#search?.pause();
    this.#touch();
    return true;
  }

  /** Ends a pause; returns whether there was one. */
  goOn(): boolean {
    if (this.#state !== 'paused') return false;
    this.#state = 'searching';
    this.#pause.end();
    this.#search?.goOn();
    this.#touch();
    return true;
  }

  /** Asks the search to end; the state remains `stopping` until the run file is closed. */
  stop(): void {
    if (this.#state !== 'searching' && this.#state !== 'paused') return;
    this.#state = 'stopping';
    this.#pause.end();
    this.#search?.stop();
    this.#touch();
  }

  progress(): RunProgress {
    return {
      run: this.run,
      state: this.#state,
      revision: this.#revision,
      evaluated: this.#evaluated,
      failed: this.#failed,
      planned: this.#planned,
      generation: this.#generation,
      phase: this.active ? this.#phase : 'idle',
      measuring: this.active ? this.#measuring : null,
      confirmed: this.active ? this.#confirmed : null,
      candidatesPerMinute: this.active && this.#confirmed === null ? this.#rate.perMinute() : null,
      secondsLeft: this.active && this.#state !== 'stopping' ? this.#secondsLeft() : null,
      elapsedSeconds: this.#elapsedNow(),
      scoring: this.#scoring,
      computing: this.#computing,
      error: this.#error,
    };
  }

  #end(state: 'stopped' | 'finished' | 'failed', error: ErrorReport | null): void {
    this.#elapsedSeconds = this.#elapsedNow();
    this.#toldAt = null;
    this.#state = state;
    this.#error = error;
    this.#touch();
  }

  #touch(): void {
    this.#revision += 1;
    this.#changed(this.#revision);
  }

  #elapsedNow(): number {
    const since = this.#toldAt === null ? 0 : this.#now() - this.#toldAt;
    return this.#elapsedSeconds + since / 1000;
  }

  /** By whichever limit will be reached first. */
  #secondsLeft(): number | null {
    if (this.#confirmed !== null) {
      return this.#rate.secondsLeft(this.#confirmed.planned - this.#confirmed.done);
    }
    const planned = this.#planned;
    const seconds = this.#seconds;
    const limits = [
      planned === null ? null : this.#rate.secondsLeft(planned - this.#evaluated - this.#failed),
      seconds === null ? null : Math.max(0, seconds - this.#elapsedNow()),
    ].filter((limit) => limit !== null);
    return limits.length > 0 ? Math.min(...limits) : null;
  }
}
