/** The phones that a search may measure on, as one choice from a list. Pure. */
import type { PhoneRow, PhonesView } from '../../../preload/contract.ts';
import { phonesText } from '../../phones/text.ts';
import { phoneFacts, phoneForSearches, phoneTitle } from '../../phones/phones.ts';

const words = phonesText.form;

/** A serial number never contains a newline. */
export const valueOfSerials = (serials: readonly string[] | null): string =>
  serials?.join('\n') ?? '';
export const serialsOf = (value: string): string[] => value.split('\n');

const isReady = ({ state }: PhoneRow): boolean => state === 'ready';

/** Each phone, all phones of one model together, and leaving it open. */
export function phoneChoices(view: PhonesView): { value: string; label: string }[] {
  const ready = view.phones.filter(isReady);
  const usual = phoneForSearches(view);
  const models = new Map<string, PhoneRow[]>();
  for (const phone of ready) {
    const model = phone.identity?.model;
    if (model) models.set(model, [...(models.get(model) ?? []), phone]);
  }
  const shared = [...models].filter(([, phones]) => phones.length > 1);
  return [
    { value: '', label: usual ? words.usual(phoneTitle(usual)) : words.none },
    ...ready.map((phone) => ({ value: phone.serial, label: phoneFacts(phone) })),
    ...shared.map(([model, phones]) => ({
      value: valueOfSerials(phones.map(({ serial }) => serial)),
      label: words.shared(phones.length, model),
    })),
  ];
}

/**
 * The phones that a choice stands for at the moment.
 * @param serials null takes the usual one
 */
export function selectedPhones(
  view: PhonesView | null,
  serials: readonly string[] | null,
): PhoneRow[] {
  if (!view) return [];
  if (serials !== null) return view.phones.filter(({ serial }) => serials.includes(serial));
  const usual = phoneForSearches(view);
  return usual ? [usual] : [];
}

/** Why a search cannot begin with that choice; null where it can. */
export function phoneFault(
  view: PhonesView | null,
  serials: readonly string[] | null,
): string | null {
  if (!view || view.looking) return words.looking;
  if (view.trouble) return view.trouble.message;
  const ready = view.phones.filter(isReady);
  if (view.phones.length === 0) return words.noPhone;
  if (ready.length === 0) return words.notReady;
  if (serials === null) return phoneForSearches(view) ? null : words.several(ready.length);
  const missing = serials.filter((serial) => !ready.some((phone) => phone.serial === serial));
  return missing.length > 0 ? words.missing(missing.join(', ')) : null;
}
