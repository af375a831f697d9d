/** Where the guide says more about a field: the mark beside its name leads there. */
import { settingKeys, searchSettings } from '../../../main/common/settings/index.ts';
import type { FormGroup } from '../../../main/common/settings/describe.ts';

/** Headings of docs/guide/the-form.md. */
const ofGroup: Readonly<Record<FormGroup, string>> = {
  search: 'seed',
  networks: 'networks',
  latency: 'cost',
  score: 'score',
  budget: 'budget',
  limits: 'limits',
};

const besides: Readonly<Record<string, string>> = {
  proxies: 'the-form/second-opinion',
  scoringSize: 'the-form/networks',
  engine: 'the-form/engine-and-precision',
  precision: 'the-form/engine-and-precision',
  workers: 'the-form/engine-and-precision',
  task: 'own-models-and-data/models',
  repeatability: 'what-it-is/when-not-to-trust-it',
};

/** Page and heading for each field, by its name in the form of a search. */
export const guidePlaces: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    settingKeys.map((key) => [key, `the-form/${ofGroup[searchSettings[key].field.group]}`]),
  ),
  ...besides,
};

/** @param field id of a field; those of other forms have the name of their form in front: `models-precision` */
export function guidePlaceOf(field: string): string | undefined {
  return guidePlaces[field] ?? guidePlaces[field.replace(/^[a-z]+-/, '')];
}
