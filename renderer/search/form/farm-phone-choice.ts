/** Phones of a farm as choices of the form, by their model. Pure. */
import type { FarmStatus } from '../../../preload/contract.ts';
import { modelsOf, phonesOfFarm } from '../../farm/farm.ts';
import { computersText } from './computers-text.ts';

const words = computersText.phones;
/** No serial number begins so. */
const prefix = '\nfarm:';

export const valueOf = (model: string | null): string => `${prefix}${model ?? ''}`;

/** Null where the choice is another. */
export const modelOf = (value: string): string | null =>
  value.startsWith(prefix) ? value.slice(prefix.length) : null;

export function choices(status: FarmStatus | null): { value: string; label: string }[] {
  const phones = phonesOfFarm(status);
  return modelsOf(status).map((model) => ({
    value: valueOf(model),
    label: words.onFarm(model, phones.filter(({ phone }) => phone.model === model).length),
  }));
}

/** Why a search cannot begin with phones of this model; null where it can. */
export function fault(status: FarmStatus | null, model: string | null): string | null {
  return model !== null && modelsOf(status).includes(model) ? null : words.gone(model ?? '');
}

/** How many phones of the model there are, and on how many computers. */
export function counts(
  status: FarmStatus | null,
  model: string | null,
): { readonly phones: number; readonly workers: number } {
  const own = phonesOfFarm(status).filter(({ phone }) => phone.model === model);
  return { phones: own.length, workers: new Set(own.map(({ worker }) => worker)).size };
}
