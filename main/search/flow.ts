/**
 * The order in which a search without generations proposes and learns: proposal i may be made as soon as the
 * results of proposals 1 to i - L are known, and sees those and no others, whichever finished first. So up to L
 * processes are kept busy, and what is proposed depends neither on how many there are nor on how fast.
 */
import type { Candidate, Proposal } from '../run/candidate.ts';

export class Flow {
  readonly #inFlight: number;
  readonly #most: number;
  readonly #proposals: Proposal[] = [];
  /** By position; gaps are still in flight. */
  readonly #results = new Map<number, Candidate>();
  /** The results of proposals 1 to this one are all known. */
  #prefix = 0;
  #taken = 0;
  #ended = false;
  #exhausted = false;
  #changed: (() => void)[] = [];

  /** @param most the largest number of proposals */
  constructor(inFlight: number, most: number) {
    this.#inFlight = inFlight;
    this.#most = most;
  }

  /** All proposals so far, in order. */
  get proposals(): readonly Proposal[] {
    return this.#proposals;
  }

  /** True where no network was left to propose. */
  get exhausted(): boolean {
    return this.#exhausted;
  }

  /**
   * Proposes until there are enough proposals, or the flow is ended.
   * @param propose is given the place, from 1 on, and the results that it may look at; null where no   network
   * is left
   */
  async fill(
    propose: (place: number, results: readonly Candidate[]) => Promise<Proposal | null>,
  ): Promise<void> {
    const visible: Candidate[] = [];
    for (let place = 1; place <= this.#most; place++) {
      while (this.#prefix < place - this.#inFlight && !this.#ended) await this.#change();
      if (this.#ended) return;
      while (visible.length < place - this.#inFlight) {
        visible.push(this.#results.get(visible.length + 1) as Candidate);
      }
      const proposal = await propose(place, visible);
      if (this.#ended) return;
      if (proposal === null) {
        this.#exhausted = true;
        break;
      }
      this.#proposals.push(proposal);
      this.#tell();
    }
    this.end();
  }

  /** The next proposal to evaluate, as soon as there is one; null once there are no more. */
  async next(): Promise<Proposal | null> {
    while (this.#taken === this.#proposals.length && !this.#ended) await this.#change();
    return this.#taken < this.#proposals.length ? this.#proposals[this.#taken++]! : null;
  }

  completed(candidate: Candidate): void {
    this.#results.set(candidate.id, candidate);
    while (this.#results.has(this.#prefix + 1)) this.#prefix++;
    this.#tell();
  }

  /** Nothing more is proposed; earlier proposals may still be taken. */
  end(): void {
    this.#ended = true;
    this.#tell();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#changed.push(resolve));
  }

  #tell(): void {
    const waiting = this.#changed;
    this.#changed = [];
    for (const resolve of waiting) resolve();
  }
}
