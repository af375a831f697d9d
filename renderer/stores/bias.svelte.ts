/** What the correction makes of a run's networks, as far as their generations are shown. */
import {
  adviseBeta,
  betas,
  shapeOf,
  type BetaAdvice,
  type CurvePoint,
  type Shape,
} from '../lib/bias.ts';
import type { CandidateRow } from '../../preload/contract.ts';
import type { Ranking } from './ranking.svelte.ts';
import type { RunData } from './run-data.svelte.ts';

export interface GenerationShape extends Shape {
  readonly generation: number;
}

export class BiasFindings {
  readonly #data: RunData;
  readonly #ranking: Ranking;

  constructor(data: RunData, ranking: Ranking) {
    this.#data = data;
    this.#ranking = ranking;
  }

  readonly plain = $derived.by(() => this.#rows(this.#ranking.plainFront));
  readonly front = $derived.by(() => this.#rows(this.#ranking.front));
  readonly plainShape = $derived.by(() => shapeOf(this.plain));
  readonly shape = $derived.by(() => shapeOf(this.front));

  /** The front for one beta after the other; independent of the beta chosen now, so dragging is cheap. */
  readonly curve: readonly CurvePoint[] = $derived.by(() =>
    betas.map((beta) => ({ beta, ...shapeOf(this.#rows(this.#ranking.frontAt(beta))) })),
  );
  readonly advice: BetaAdvice = $derived.by(() => adviseBeta(this.curve));

  /** All scored candidates, by the generation that proposed them. */
  readonly generations: readonly GenerationShape[] = $derived.by(() => {
    const { rows, lastGeneration } = this.#data.columns;
    const last = Math.min(lastGeneration, this.#ranking.upTo);
    const grouped = Array.from({ length: last + 1 }, (): CandidateRow[] => []);
    for (const row of rows) {
      if (row.status === 'evaluated' && row.generation <= last) grouped[row.generation].push(row);
    }
    return grouped.map((those, generation) => ({ generation, ...shapeOf(those) }));
  });

  #rows(indices: Uint32Array): CandidateRow[] {
    const { rows } = this.#data.columns;
    return Array.from(indices, (index) => rows[index]);
  }
}
