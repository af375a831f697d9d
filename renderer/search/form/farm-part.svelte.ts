/** The part of the form that says which other computers take part in a search. */
import { idlePlaces, type IdlePlaces } from '../../../main/common/farm-places.ts';
import { numberSettingOf } from '../../../main/common/settings/index.ts';
import type { FarmChoice, FarmPlaces, SearchSettings } from '../../../preload/contract.ts';
import { computersText } from './computers-text.ts';
import type { FormPlace } from './form-place.ts';
import { farmChoiceOf, scoringWish, type FormValues } from './settings-form.ts';

export class FarmPart {
  readonly #values: FormValues;
  readonly #place: Pick<FormPlace, 'farm'>;
  readonly #nearest: () => SearchSettings | null;

  /**
   * @param values of the form
   * @param nearest its settings, as far as they are valid
   */
  constructor(
    values: FormValues,
    place: Pick<FormPlace, 'farm'>,
    nearest: () => SearchSettings | null,
  ) {
    this.#values = values;
    this.#place = place;
    this.#nearest = nearest;
  }

  /** How a farm is used; null where this computer scores alone. */
  get choice(): FarmChoice | null {
    return farmChoiceOf(this.#values);
  }

  /** Places for this search; null until they are known, and where no farm is used. */
  get places(): FarmPlaces | null {
    return this.choice === null ? null : this.#places;
  }
  #places: FarmPlaces | null = $state.raw(null);

  /** Asks for them, since the farm or what is needed of it has changed. */
  async look(): Promise<void> {
    const { choice } = this;
    const { farm } = this.#place;
    if (choice === null || farm.view?.status === undefined) return;
    const scoring = scoringWish(this.#values);
    const { engine = 'auto', precision = 'auto' } = scoring ?? {};
    this.#places = await farm.places({ engine, precision, ...choice });
  }

  /** Where fewer candidates are in flight than there are places; null where all have work. */
  get idle(): IdlePlaces | null {
    const { places } = this;
    const nearest = this.#nearest();
    return places && nearest && idlePlaces(nearest, places.others + places.own);
  }

  /** How many would use all places; null where a search may not have so many. */
  get fitting(): number | null {
    const { idle } = this;
    if (idle === null) return null;
    const { range } = numberSettingOf(idle.generations ? 'population' : 'inFlight');
    return Math.min(idle.places, range.to ?? Infinity);
  }

  fit(set: (field: 'population' | 'inFlight', value: string) => void): void {
    const { idle, fitting } = this;
    if (idle === null || fitting === null) return;
    set(idle.generations ? 'population' : 'inFlight', String(fitting));
  }

  /** What keeps the farm from being used as asked. */
  readonly fault: string | null = $derived.by(() => {
    const choice = farmChoiceOf(this.#values);
    if (choice === null) return null;
    const { view } = this.#place.farm;
    if (view?.state !== 'connected' || view.status === null) return computersText.notConnected;
    const places = this.#places;
    const none = choice.only && places !== null && places.others === 0;
    return none ? computersText.noWorker : null;
  });
}
