/** The run's numeric columns with their units, as they are at this moment. */
import { countUnit, decimalsFor, latencyDecimals } from '../../ground/words/format.ts';
import {
  decimalsOfChoices,
  geneKey,
  plainMeasures,
  type Measure,
  type MeasureKey,
  type PlainMeasure,
} from './measures.ts';
import { periodsOf } from '../../../main/common/periods.ts';
import { hasLatency, isComputed } from '../../runs/settings-words.ts';
import { measuresText } from './text.ts';
import type { RunRanking } from '../ranking/ranking.svelte.ts';
import type { RunData } from '../columns/run-data.svelte.ts';

/** Of a proxy of which no candidate has arrived. */
const nothing = new Float64Array(0);

/** Whether some candidates were given what their run does not compute. */
const isGiven = (key: PlainMeasure, { anyZico }: { readonly anyZico: boolean }): boolean =>
  anyZico && (key === 'zico' || key === 'bias');

export class MeasureStore {
  readonly #data: RunData;
  readonly #ranking: RunRanking;

  constructor(data: RunData, ranking: RunRanking) {
    this.#data = data;
    this.#ranking = ranking;
  }

  /** The genes without their values. */
  readonly #genes = $derived.by(() =>
    (this.#data.view?.space.genes ?? []).map(({ name, choices, labels }) => ({
      key: geneKey(name),
      title: name,
      divisor: 1,
      unit: '',
      decimals: decimalsOfChoices(choices),
      choices: [...choices].sort((a, b) => a - b),
      ...(labels && { labels: labelsOf(choices, labels) }),
    })),
  );

  /** Every measure of the run; latency only where the search had one. */
  readonly all: readonly Measure[] = $derived.by(() => {
    const { view, columns } = this.#data;
    const plain = plainMeasures
      .filter((key) => key !== 'latency' || hasLatency(view?.summary.settings))
      .filter((key) => isComputed(key, view?.summary.settings) || isGiven(key, columns))
      .map((key) => this.#plain(key));
    const genes = this.#genes.map((gene, i): Measure => ({ ...gene, values: columns.gene(i) }));
    return [...plain, ...genes];
  });
  readonly #byKey = $derived.by(() => new Map(this.all.map((measure) => [measure.key, measure])));

  /** Undefined for what this run does not have. */
  get(key: MeasureKey): Measure | undefined {
    return this.#byKey.get(key);
  }

  #plain(key: PlainMeasure): Measure {
    const { columns } = this.#data;
    const measure = (
      unit: string,
      divisor: number,
      decimals: number,
      values: ArrayLike<number>,
    ) => ({
      ...{ key, title: measuresText.names[key], unit, divisor, decimals, values, choices: null },
    });
    const counted = (largest: number, values: ArrayLike<number>): Measure => {
      const { symbol, divisor } = countUnit(largest);
      const decimals = symbol === '' ? 0 : 1 + decimalsFor(largest / divisor);
      return measure(symbol, divisor, decimals, values);
    };
    switch (key) {
      case 'score':
        return measure('', 1, 1, this.#ranking.scores);
      case 'latency': {
        const { fastestMs } = columns;
        const decimals = latencyDecimals(Number.isFinite(fastestMs) ? fastestMs : 1);
        return measure('ms', 1, decimals, columns.latencyMs);
      }
      case 'macs':
        return counted(columns.largest.macs, columns.macs);
      case 'parameters':
        return counted(columns.largest.parameters, columns.parameters);
      case 'zico':
        return measure('', 1, 1, this.#ranking.capped ? columns.zicoCapped : columns.zico);
      case 'bias':
        return measure('', 1, 1, this.#ranking.biases);
      case 'generation': {
        const { one } = periodsOf(this.#data.view?.summary.settings);
        return { ...measure('', 1, 0, columns.generation), title: measuresText.periods[one] };
      }
      default:
        return measure('', 1, 1, columns.proxies.get(key) ?? nothing);
    }
  }
}

const labelsOf = (choices: readonly number[], labels: readonly string[]) =>
  new Map(choices.flatMap((choice, i) => (labels[i] === undefined ? [] : [[choice, labels[i]]])));
