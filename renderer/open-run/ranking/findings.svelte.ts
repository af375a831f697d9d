/** What the correction makes of a run's networks, as far as their generations are shown. */
import { untrack } from 'svelte';
import {
  adviseBeta,
  shapeOf,
  usualBetas,
  type BetaAdvice,
  type CurvePoint,
  type PlacedNetwork,
} from '../../../main/common/network-shape.ts';
import { GenerationShapes, type GenerationShape } from './generation-shapes.ts';
import type { RunRanking } from './ranking.svelte.ts';
import type { RunData } from '../columns/run-data.svelte.ts';

export type { GenerationShape } from './generation-shapes.ts';

export class BiasFindings {
  readonly #data: RunData;
  readonly #ranking: RunRanking;
  readonly #shapes = new GenerationShapes();

  constructor(data: RunData, ranking: RunRanking) {
    this.#data = data;
    this.#ranking = ranking;
  }

  readonly plain = $derived.by(() => this.#rows(this.#ranking.plainFront));
  readonly front = $derived.by(() => this.#rows(this.#ranking.front));
  readonly plainShape = $derived.by(() => shapeOf(this.plain));
  readonly shape = $derived.by(() => shapeOf(this.front));

  /** The front for one beta after the other; independent of the beta chosen now, so dragging is cheap. */
  readonly curve: readonly CurvePoint[] = $derived.by(() =>
    usualBetas.map((beta) => ({ beta, ...shapeOf(this.#rows(this.#ranking.frontAt(beta))) })),
  );
  readonly advice: BetaAdvice = $derived.by(() => adviseBeta(this.curve));

  /** All scored candidates, by the generation that proposed them. */
  readonly generations: readonly GenerationShape[] = $derived.by(() => {
    const { columns } = this.#data;
    return this.#shapes.upTo(columns, Math.min(columns.lastGeneration, this.#ranking.upTo));
  });

  #rows(indices: Uint32Array): PlacedNetwork[] {
    // These candidates are there already: new ones change nothing of them.
    const { relativeDepth, relativeWidth } = untrack(() => this.#data.columns);
    const known = (value: number): number | null => (Number.isNaN(value) ? null : value);
    return Array.from(indices, (index) => ({
      relativeDepth: known(relativeDepth[index]!),
      relativeWidth: known(relativeWidth[index]!),
    }));
  }
}
