/** The part of the form that says on which phones a search measures, and how. */
import { defaultPhoneSettings } from '../../../main/common/phone-settings.ts';
import type { PhoneRow, PhoneSettings } from '../../../preload/contract.ts';
import * as farmPhones from './farm-phone-choice.ts';
import type { FormPlace } from './form-place.ts';
import { phoneFault, selectedPhones, serialsOf, valueOfSerials } from './phone-choice.ts';
import { phoneNumbers, phoneNumberText, readPhoneNumber, type PhoneNumber } from './phone-form.ts';
import { farmChoiceOf, type FormValues } from './settings-form.ts';

export class PhonePart {
  readonly #values: FormValues;
  readonly #place: Pick<FormPlace, 'phones' | 'farm'>;
  /** Numbers of how a phone measures, as typed. */
  readonly #texts: Partial<Record<PhoneNumber, string>> = $state({});

  /** @param values of the form; the settings of phones are part of them */
  constructor(values: FormValues, place: Pick<FormPlace, 'phones' | 'farm'>) {
    this.#values = values;
    this.#place = place;
  }

  /** The choice among the phones, as in their list. */
  get choice(): string {
    const { onFarm, model, serials } = this.settings;
    return onFarm && farmChoiceOf(this.#values) !== null
      ? farmPhones.valueOf(model)
      : valueOfSerials(serials);
  }

  get settings(): PhoneSettings {
    return this.#values.phone ?? defaultPhoneSettings;
  }

  /** The phones on which the search would measure if it began now. */
  get chosen(): readonly PhoneRow[] {
    return selectedPhones(this.#place.phones.view, this.settings.serials);
  }

  /** @param value of one of the choices; '' takes the usual phone */
  choose(value: string): void {
    const { onFarm, ...others } = this.settings;
    void onFarm;
    const model = farmPhones.modelOf(value);
    const serials = model !== null || value === '' ? null : serialsOf(value);
    // The model is that of the phones; the run keeps it.
    this.#values.phone = { ...others, serials, model, ...(model !== null && { onFarm: true }) };
  }

  set(change: Partial<PhoneSettings>): void {
    this.#values.phone = { ...this.settings, ...change };
  }

  number(name: PhoneNumber): string {
    return this.#texts[name] ?? phoneNumberText(name, this.settings);
  }

  typeNumber(name: PhoneNumber, typed: string): void {
    this.#texts[name] = typed;
    const value = readPhoneNumber(name, typed);
    if (value !== null) this.set({ [name]: value });
  }

  /** Values that were typed but are invalid. */
  readonly badNumbers: readonly PhoneNumber[] = $derived.by(() =>
    phoneNumbers.filter((name) => {
      if (this.#values.latency !== 'phone') return false; // no such field is shown
      const typed = this.#texts[name];
      return typed !== undefined && readPhoneNumber(name, typed) === null;
    }),
  );

  /** What keeps the search from measuring on the chosen phones. */
  readonly fault: string | null = $derived.by(() =>
    this.#values.latency === 'phone' ? this.#trouble() : null,
  );

  #trouble(): string | null {
    const { phones, farm } = this.#place;
    const { onFarm, model, serials } = this.settings;
    if (!onFarm || farmChoiceOf(this.#values) === null) return phoneFault(phones.view, serials);
    return farmPhones.fault(farm.view?.status ?? null, model);
  }
}
